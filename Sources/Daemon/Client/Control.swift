import Digests
import NIOCore
import NIOHTTP1
import NIOPosix
import Policy
import S3Protocol
import Signing

/// A running daemon's administration API, as the command line speaks it: over HTTP, signed with the root key.
public struct Control: Sendable {
    /// The most bytes of an answer: a HAR file of all calls that a recorder keeps.
    private static let answerBytes = 512 << 20
    /// Longer than anybody may wait for a call.
    private static let answerSeconds: Int64 = 90

    private let url: String
    private let region: String
    private let credential: Credential
    private let certificates: String?

    /// Finds the daemon and the key to its administration.
    ///
    /// - Parameters:
    ///   - settings: The data folder, and the key pair of the environment.
    ///   - endpoint: The daemon's URL; `nil` for the one that runs on the data folder.
    /// - Throws: ``Refusal`` that says what is missing.
    public init(_ settings: Settings, endpoint: String?) async throws(Refusal) {
        let folder = try DaemonConfiguration.storage(settings).folder
        if let endpoint {
            url = endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint
            region = settings.text(.region) ?? "us-east-1"
            certificates = settings.text(.tlsCert)
        } else {
            guard let folder, let status = try await Administration(folder: folder).status(),
                let found = status.endpoints.first
            else {
                throw Refusal(
                    "No daemon runs on \(folder ?? "a store in memory"); --endpoint names one by its URL."
                )
            }
            url = found.clientURL(domains: [], resolvesLocalhost: false)
            region = status.region
            certificates = found.isSecure ? status.certificate : nil
        }
        if let given = try RootCredentials(environment: settings.variables) {
            credential = given.credential
        } else if let folder, let kept = try CredentialsFile(folder: folder).read() {
            credential = kept.credential
        } else {
            throw Refusal(
                "The root key pair is needed: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name the "
                    + "daemon's data folder with --data."
            )
        }
    }

    /// Asks something of the daemon.
    ///
    /// - Throws: ``Refusal`` that tells the daemon's own words where it refuses.
    func ask(
        _ method: HTTPMethod,
        _ path: String,
        query: [(name: String, value: String)] = [],
        _ json: JSON? = nil
    ) async throws(Refusal) -> JSON {
        let pairs = query.map {
            "\(PercentCoding.encode($0.name))=\(PercentCoding.encode($0.value))"
        }
        let target =
            "/_pail/\(path)" + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
        guard let address = WebhookAddress(url + target) else {
            throw Refusal("\(url) is no http or https URL.")
        }
        let body = json.map { Array($0.text.utf8) } ?? []
        let request = OneRequest(
            group: .singletonMultiThreadedEventLoopGroup,
            answerSeconds: Self.answerSeconds,
            bodyLimit: Self.answerBytes,
            certificates: certificates
        )
        let answer: OneRequest.Answer
        do {
            answer = try await request.send(
                method,
                to: address,
                headers: sign(method, address, body),
                body: ByteBuffer(bytes: body)
            )
        } catch {
            throw Refusal("The daemon at \(url) cannot be asked: \(error)")
        }
        return try Self.read(answer)
    }

    private func sign(
        _ method: HTTPMethod,
        _ address: WebhookAddress,
        _ body: [UInt8]
    ) -> HTTPHeaders {
        var headers: HTTPHeaders = ["Host": address.authority]
        if !body.isEmpty { headers.add(name: "Content-Type", value: "application/json") }
        return SignatureV4.sign(
            SignableRequest(method: method.rawValue, target: address.target, headers: headers),
            by: credential,
            region: region,
            payload: .sha256(Hex.encode(HashFunction.hash(.sha256, body))),
            at: SystemTime().now()
        ).headers
    }

    private static func read(_ answer: OneRequest.Answer) throws(Refusal) -> JSON {
        let text = String(buffer: answer.body)
        let json = try? text.isEmpty ? JSON.null : JSON(parsing: text, limit: answerBytes)
        if (200..<300).contains(answer.status), let json { return json }
        if let error = json?["error"], let message = error["message"]?.string {
            throw Refusal(message)
        }
        // S3 itself refuses who has not the root key, in XML.
        let message = text.firstRange(of: "<Message>").flatMap { start in
            text[start.upperBound...].firstRange(of: "</Message>").map {
                String(text[start.upperBound..<$0.lowerBound])
            }
        }
        throw Refusal(
            "The daemon refuses with status \(answer.status): \(message ?? "is it another version?")"
        )
    }
}
