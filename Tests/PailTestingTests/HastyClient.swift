import AHCTransport
import GalleryClient
import HTTPMessage
import Instruments
import NIOCore
import PailTesting
import S3Client
import S3Protocol
import Signing

/// What the tests of faults keep: more than one piece, and not in the index.
let cat = (0..<262_144).map { UInt8(truncatingIfNeeded: $0 % 251) }

extension PailTenant {
    /// A gallery's client that does not pause between attempts, and that may have little patience.
    ///
    /// - Parameters:
    ///   - bucket: The gallery's bucket.
    ///   - attempts: How often it tries; 1 is once.
    ///   - patience: How long it bears silence.
    /// - Returns: The storage.
    /// - Throws: What an endpoint or a transport that cannot be used throws.
    func hasty(
        _ bucket: String = "photos",
        attempts: Int = 1,
        patience: Duration = .seconds(30)
    ) throws -> GalleryStorage {
        let credential = Credential(accessKey: accessKey, secret: Secret(secretKey))
        let client = S3Client(
            endpoint: try S3Endpoint(region: region, url: endpoint, addressing: .path),
            credentials: StaticCredentials(credential),
            transport: try AHCTransport(AHCConfiguration(idleTimeout: patience)),
            retry: RetryPolicy(attempts: attempts, wait: { _ in })
        )
        return GalleryStorage(configuration(bucket), client: client)
    }

    /// Lets something go wrong.
    func spoil(
        _ effect: FaultEffect,
        _ operation: PailOperation,
        times: Int? = nil
    ) throws {
        _ = try faults.add(
            FaultRule(
                effect,
                operation: operation.rawValue,
                turn: FaultRule.Turn(times: times)
            )
        )
    }
}

extension GalleryStorage {
    /// Saves ``cat``, or other bytes.
    @discardableResult
    func keep(_ name: String, _ bytes: [UInt8] = cat) async throws -> SavedFile {
        try await save(.bytes(ByteBuffer(bytes: bytes)), named: name)
    }

    /// All bytes of a file, or of a range of it.
    func read(_ name: String, range: Range<Int64>? = nil) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await piece in try await open(name, range: range).body {
            bytes += Array(piece.readableBytesView)
        }
        return bytes
    }

    /// What came of reading a file: `ok`, the code or the kind of the error, or which bits are wrong.
    func outcome(_ name: String, range: Range<Int64>? = nil) async -> String {
        do {
            let bytes = try await read(name, range: range)
            let wrong = zip(bytes, cat).enumerated().filter { $1.0 != $1.1 }
                .map { "\($0) by \($1.0 ^ $1.1)" }
            return wrong.isEmpty ? "ok" : wrong.joined(separator: ", ")
        } catch let error as StorageError {
            return error.code.isEmpty ? "\(error.kind)" : error.code
        } catch {
            return "\(error)"
        }
    }
}

/// The error of a storage; `nil` where there is none.
func failure(_ body: () async throws -> Void) async -> StorageError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? StorageError
    }
}
