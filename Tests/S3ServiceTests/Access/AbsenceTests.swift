import NIOHTTP1
import S3Service
import Testing

@Suite struct AbsenceTests {
    @Test func `who may list keys of a prefix learns which of them are not there`() async throws {
        let s3 = try await TestS3.legacy()
        let zoe = try await s3.user("zoe", account: "zoo", document: everything)
        _ = await s3.send(.PUT, "/photos/public/there", "x")
        let prefix = #", "Condition": {"StringLike": {"s3:prefix": "public/*"}}"#
        _ = await s3.allow(statement("Allow", nil, "s3:ListBucket", "photos", more: prefix))

        for method in [HTTPMethod.HEAD, .GET] {
            #expect(await s3.send(method, "/photos/public/none", as: zoe).status == 404)
            #expect(await s3.send(method, "/photos/private/none", as: zoe).status == 403)
            // The request's own query is not what a listing would be asked.
            let target = "/photos/private/none?prefix=public/"
            #expect(await s3.send(method, target, as: zoe).status == 403)
            #expect(await s3.send(method, "/photos/public/there", as: zoe).status == 403)
        }
        #expect(await s3.send(.GET, "/photos/public/none", as: zoe).errorCode == "NoSuchKey")
        #expect(await s3.send(.DELETE, "/photos/public/none", as: zoe).status == 403)
        #expect(await s3.send(.GET, "/photos/public/none?acl", as: zoe).status == 403)
    }

    @Test func `what is hidden by a delete marker is not there either`() async throws {
        let s3 = try await TestS3.legacy()
        let zoe = try await s3.user("zoe", account: "zoo", document: everything)
        let versioning =
            "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
        #expect(await s3.send(.PUT, "/photos?versioning", versioning).status == 200)
        _ = await s3.send(.PUT, "/photos/a", "x")
        _ = await s3.allow(statement("s3:ListBucket", "photos"))

        #expect(await s3.send(.GET, "/photos/a", as: zoe).errorCode == "AccessDenied")
        #expect(await s3.send(.DELETE, "/photos/a").status == 204)
        #expect(await s3.send(.GET, "/photos/a", as: zoe).errorCode == "NoSuchKey")
    }

    @Test func `no header of a copy tells a stranger which keys there are`() async throws {
        let s3 = try await TestS3.legacy()
        _ = await s3.send(.PUT, "/photos/there", "x")
        let put = statement("s3:PutObject").replacing("Said", with: "P")
        #expect(await s3.allow(statement("s3:GetObject") + "," + put).status == 204)

        let copy: HTTPHeaders = ["x-amz-copy-source": "x/y"]
        #expect(await s3.anonymous(.GET, "/photos/none", headers: copy).status == 403)
        #expect(await s3.anonymous(.GET, "/photos/there", headers: copy).text == "x")
        // Nor does a condition on where the copy goes.
        let matching: HTTPHeaders = ["x-amz-copy-source": "photos/there", "If-Match": "x"]
        let none = await s3.anonymous(.PUT, "/photos/none", headers: matching)
        #expect((none.status, none.errorCode) == (403, "AccessDenied"))
        #expect(await s3.send(.PUT, "/photos/none", headers: matching).errorCode == "NoSuchKey")
    }

    @Test func `a copy tells that its source is missing to who may list that`() async throws {
        let s3 = try await TestS3.legacy()
        let zoe = try await s3.user("zoe", account: "zoo", document: everything)
        _ = await s3.allow(statement("s3:ListBucket", "photos"))
        _ = await s3.send(.PUT, "/hers", as: zoe)

        let copy: HTTPHeaders = ["x-amz-copy-source": "photos/none"]
        #expect(await s3.send(.PUT, "/hers/a", headers: copy, as: zoe).status == 403)
        let list = statement("s3:ListBucket", "photos").replacing("Said", with: "L")
        #expect(await s3.allow(statement("s3:GetObject") + "," + list).status == 204)
        #expect(await s3.send(.PUT, "/hers/a", headers: copy, as: zoe).errorCode == "NoSuchKey")
        _ = await s3.allow(statement("s3:GetObject"))
        #expect(await s3.send(.PUT, "/hers/a", headers: copy, as: zoe).errorCode == "AccessDenied")
    }
}
