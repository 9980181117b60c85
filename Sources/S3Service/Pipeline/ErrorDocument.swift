import HTTPMessage
import NIOHTTP1
import S3Protocol

extension S3Error {
    /// The response that tells a client about the error.
    ///
    /// [Error responses](https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html)
    func response(resource: String, ids: RequestIDs, isHead: Bool) -> HTTPResponse {
        var response = HTTPResponse(status: HTTPResponseStatus(statusCode: code.status))
        response.headers.add(name: "Content-Type", value: "application/xml")
        if code == .invalidRange, let size = details.first(where: { $0.name == "ActualObjectSize" })
        {
            response.headers.add(name: "Content-Range", value: "bytes */\(size.value)")
        }
        if let region = details.first(where: { $0.name == "Region" }) {
            response.headers.add(name: HeadBucket.regionHeader, value: region.value)
        }
        for header in headers { response.headers.add(name: header.name, value: header.value) }
        guard !isHead else { return response }
        let document = XMLWriter.document("Error", namespaced: false) { xml in
            xml.element("Code", code.name)
            xml.element("Message", message)
            for detail in details { xml.element(named: detail.name, detail.value) }
            xml.element("Resource", resource)
            xml.element("RequestId", ids.request)
            xml.element("HostId", ids.host)
        }
        response.body = .bytes(document)
        return response
    }
}
