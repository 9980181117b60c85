import Testing

@testable import Policy

@Suite struct RoleTests {
    private let session = Requester.session(People.home, path: "/p/", role: "r", name: "night")
    private let role = "arn:aws:iam::111122223333:role/p/r"

    private func decide(
        _ requester: Requester,
        principal: String,
        session narrowed: PolicySet? = nil,
        identity: AccessPolicies.Identity = .policies(PolicySet([])),
        needsResource: Bool = false
    ) throws -> Decision {
        let json = #"""
            {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "\#(principal)"}, "Action": "s3:*",
             "Resource": "arn:aws:s3:::b/*"}]}
            """#
        var policies = AccessPolicies(
            identity: identity,
            resource: try PolicyDocument(json: json, ofBucket: "b"),
            isOwn: true
        )
        policies.session = narrowed
        policies.needsResource = needsResource
        return try policies.decide(
            AccessRequest(requester, "s3:GetObject", on: "arn:aws:s3:::b/k")
        )
    }

    @Test func `a session is known by its role and by its own name`() throws {
        #expect(session.arn == "arn:aws:sts::111122223333:assumed-role/r/night")
        #expect(session.principalARN == role)
        #expect(try decide(session, principal: role).isAllowed)
        #expect(try decide(session, principal: session.arn ?? "").isAllowed)
        #expect(try !decide(session, principal: "arn:aws:iam::111122223333:role/r").isAllowed)
        #expect(try !decide(session, principal: "arn:aws:iam::444455556666:role/p/r").isAllowed)
        #expect(
            try !decide(session, principal: "arn:aws:sts::111122223333:assumed-role/r/day")
                .isAllowed
        )
        #expect(try !decide(.user(People.home, name: "r"), principal: role).isAllowed)
    }

    @Test func `an account that is named leaves a session to the role's policies`() throws {
        #expect(
            try decide(session, principal: "111122223333") == .notAllowed(missing: .identity)
        )
    }

    @Test func `what a session was narrowed to binds all but what names the session itself`() throws
    {
        let nothing = PolicySet([])
        #expect(
            try decide(session, principal: role, session: nothing)
                == .notAllowed(missing: .session)
        )
        #expect(try decide(session, principal: session.arn ?? "", session: nothing).isAllowed)
    }

    @Test func `a user is known by the path too`() throws {
        let named = "arn:aws:iam::111122223333:user/staff/ann"
        #expect(
            try decide(.user(People.home, path: "/staff/", name: "ann"), principal: named).isAllowed
        )
        #expect(try !decide(.user(People.home, name: "ann"), principal: named).isAllowed)
    }

    @Test func `where the resource must allow it, the requester's own side is not enough`() throws {
        let other = "arn:aws:iam::111122223333:user/other"
        let ann = Requester.user(People.home, name: "ann")
        #expect(try decide(ann, principal: other, identity: .everything).isAllowed)
        #expect(
            try decide(ann, principal: other, identity: .everything, needsResource: true)
                == .notAllowed(missing: .resource)
        )
    }

    @Test func `a role's policy trusts somebody with STS and has no resource`() throws {
        func trust(_ members: String) throws -> PolicyDocument {
            try PolicyDocument(trust: #"{"Statement": [{"Effect": "Allow", \#(members)}]}"#)
        }
        let who = #""Principal": {"AWS": "111122223333"}"#
        let document = try trust(#"\#(who), "Action": "sts:AssumeRole""#)
        let match = try document.statements[0].match(
            AccessRequest(.root(People.home), "sts:AssumeRole", on: role)
        )
        #expect(match == .caller)
        for bad in [
            #""Action": "sts:AssumeRole""#, #"\#(who), "Action": "s3:GetObject""#,
            #"\#(who), "Action": "sts:AssumeRole", "Resource": "*""#,
        ] {
            #expect(throws: PolicyError.self) { try trust(bad) }
        }
        #expect(throws: PolicyError.self) {
            try PolicyDocument(
                trust:
                    #"{"Statement": [{"Effect": "Allow", \#(who), "Action": "sts:AssumeRole"}]}"#,
                knows: { _ in false }
            )
        }
    }
}
