import NIOHTTP1
import ObjectStore
import S3Service
import Testing

@Suite struct OwnershipTests {
    private func controls(_ name: String) -> String {
        """
        <OwnershipControls><Rule><ObjectOwnership>\(name)</ObjectOwnership></Rule></OwnershipControls>
        """
    }

    @Test func `a new bucket's objects are its owner's, until that is changed`() async throws {
        let s3 = try await TestS3(buckets: [])
        _ = await s3.send(.PUT, "/photos")

        #expect(
            await s3.send(.GET, "/photos?ownershipControls")["ObjectOwnership"]
                == "BucketOwnerEnforced"
        )
        #expect(
            await s3.send(.PUT, "/photos?ownershipControls", controls("ObjectWriter")).status == 200
        )
        #expect(
            await s3.send(.GET, "/photos?ownershipControls")["ObjectOwnership"] == "ObjectWriter"
        )
        #expect(await s3.send(.DELETE, "/photos?ownershipControls").status == 204)
        #expect(
            await s3.send(.GET, "/photos?ownershipControls").errorCode
                == "OwnershipControlsNotFoundError"
        )
        #expect(
            await s3.send(.PUT, "/photos?ownershipControls", controls("Mine")).errorCode
                == "MalformedXML"
        )
        let header: HTTPHeaders = ["x-amz-object-ownership": "BucketOwnerPreferred"]
        _ = await s3.send(.PUT, "/second", headers: header)
        #expect(
            await s3.send(.GET, "/second?ownershipControls")["ObjectOwnership"]
                == "BucketOwnerPreferred"
        )
        let wrong: HTTPHeaders = ["x-amz-object-ownership": "Mine"]
        #expect(await s3.send(.PUT, "/third", headers: wrong).errorCode == "InvalidArgument")
    }

    @Test func `where lists do not count they are refused, but for those that say nothing new`()
        async throws
    {
        let s3 = try await TestS3()
        for acl in ["private", "public-read", "authenticated-read", "bucket-owner-read"] {
            let reply = await s3.send(.PUT, "/photos/a", "x", headers: ["x-amz-acl": acl])
            #expect(reply.status == 400)
            #expect(reply.errorCode == "AccessControlListNotSupported")
            #expect(reply["Message"] == "The bucket does not allow ACLs")
        }
        let full: HTTPHeaders = ["x-amz-acl": "bucket-owner-full-control"]
        #expect(await s3.send(.PUT, "/photos/a", "x", headers: full).status == 200)
        let open: HTTPHeaders = ["x-amz-acl": "public-read"]
        for target in ["/photos?acl", "/photos/a?acl"] {
            for acl in ["private", "public-read", "aws-exec-read", "bucket-owner-read"] {
                let reply = await s3.send(.PUT, target, headers: ["x-amz-acl": acl])
                #expect(reply.errorCode == "AccessControlListNotSupported")
            }
            #expect(await s3.send(.PUT, target, headers: full).status == 200)
            let list = await s3.send(.GET, target)
            #expect(list["Permission"] == "FULL_CONTROL")
            #expect(await s3.send(.PUT, target, list.text).status == 200)
        }
        let made = await s3.send(.PUT, "/new", headers: open)
        #expect(made.errorCode == "InvalidBucketAclWithObjectOwnership")
        let asked: HTTPHeaders = [
            "x-amz-acl": "public-read", "x-amz-object-ownership": "ObjectWriter",
        ]
        #expect(
            await s3.send(.PUT, "/new", headers: asked).errorCode
                == "InvalidBucketAclWithBlockPublicAccessError"
        )
    }

    @Test
    func `an object is its writer's, or the bucket owner's where that is preferred or enforced`()
        async throws
    {
        let s3 = try await TestS3.legacy()
        let zoe = try await s3.user("zoe", account: "zoo", document: everything)
        let (own, hers) = (s3.store.directory.rootAccount.canonicalID, s3.canonicalID(of: zoe))
        let principal = #"{"AWS": "\#(s3.account(of: zoe))"}"#
        _ = await s3.allow(statement("Allow", principal, "s3:*"))
        func owner(of key: String) async -> String? {
            await s3.send(.GET, "/photos?prefix=\(key)")["ID"]
        }
        let full: HTTPHeaders = ["x-amz-acl": "bucket-owner-full-control"]

        #expect(await s3.send(.PUT, "/photos/w", "x", as: zoe).status == 200)
        #expect(await owner(of: "w") == hers)
        // Even the bucket's owner reads it only if its writer lets them.
        #expect(await s3.send(.GET, "/photos/w").status == 403)
        #expect(await s3.send(.GET, "/photos/w", as: zoe).status == 200)
        #expect(await s3.send(.PUT, "/photos/f", "x", headers: full, as: zoe).status == 200)
        #expect(await owner(of: "f") == hers)
        #expect(await s3.send(.GET, "/photos/f").status == 200)

        _ = await s3.send(.PUT, "/photos?ownershipControls", controls("BucketOwnerPreferred"))
        #expect(await s3.send(.PUT, "/photos/p", "x", headers: full, as: zoe).status == 200)
        #expect(await owner(of: "p") == own)
        #expect(await s3.send(.PUT, "/photos/q", "x", as: zoe).status == 200)
        #expect(await owner(of: "q") == hers)

        _ = await s3.send(.PUT, "/photos?ownershipControls", controls("BucketOwnerEnforced"))
        #expect(await owner(of: "q") == own)
        #expect(await s3.send(.GET, "/photos/w").status == 200)
        #expect(await s3.send(.DELETE, "/photos/w").status == 204)
    }

    @Test func `a bucket as of old has no setting, and its objects are their writers'`()
        async throws
    {
        let s3 = try await TestS3.legacy()
        #expect(await s3.send(.PUT, "/made").status == 200)
        for bucket in ["photos", "made"] {
            let reply = await s3.send(.GET, "/\(bucket)?ownershipControls")
            #expect((reply.status, reply.errorCode) == (404, "OwnershipControlsNotFoundError"))
            #expect(
                await s3.send(.PUT, "/\(bucket)/a", "x", headers: ["x-amz-acl": "public-read"])
                    .status
                    == 200
            )
        }
    }

    @Test func `lists are not turned off while one is shared`() async throws {
        let s3 = try await TestS3.legacy()
        #expect(
            await s3.send(.PUT, "/photos?acl", headers: ["x-amz-acl": "public-read"]).status == 200
        )

        let enforced = controls("BucketOwnerEnforced")
        let reply = await s3.send(.PUT, "/photos?ownershipControls", enforced)
        #expect(reply.errorCode == "InvalidBucketAclWithObjectOwnership")
        _ = await s3.send(.PUT, "/photos?acl", headers: ["x-amz-acl": "private"])
        #expect(await s3.send(.PUT, "/photos?ownershipControls", enforced).status == 200)
    }
}
