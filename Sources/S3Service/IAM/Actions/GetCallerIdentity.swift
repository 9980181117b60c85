import ObjectStore
import Policy
import S3Protocol

extension QueryAction {
    /// Tells who asks, whatever policies say.
    ///
    /// [GetCallerIdentity](https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html)
    static let getCallerIdentity = QueryAction(free: "GetCallerIdentity") { call in
        { xml in
            xml.element("UserId", call.caller.userID)
            xml.element("Account", call.account.number)
            xml.element("Arn", call.caller.requester.arn ?? "")
        }
    }
}
