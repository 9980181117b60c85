import Foundation
import HTTPServer

/// A certificate for `localhost` that is good for nothing else, valid until the year 2126.
enum TestCertificate {
    /// The PEM files, in the temporary folder.
    static let files: TLSFiles = {
        let folder = FileManager.default.temporaryDirectory
        let chain = folder.appending(path: "ahc-transport-tests-\(UUID()).pem")
        let key = folder.appending(path: "ahc-transport-tests-\(UUID())-key.pem")
        do {
            try certificate.write(to: chain, atomically: true, encoding: .utf8)
            try privateKey.write(to: key, atomically: true, encoding: .utf8)
        } catch {
            preconditionFailure("the temporary folder is not writable: \(error)")
        }
        return TLSFiles(certificateChain: chain.path, privateKey: key.path)
    }()

    private static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBrzCCAVSgAwIBAgIUTcf7JUxPvW7/1nNl1KY3FrjzxikwCgYIKoZIzj0EAwIw
        FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjIzNDMyOFoYDzIxMjYxMDI5
        MjM0MzI4WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAATF0rsSFRR47PAX7E/Oc79wyKJ7YFI0+YnzfNXNZFe05bDS0TKR7ZpE
        CSofrVWsyoKSUVq4ULR8fRHP9DJ0+vtMo4GBMH8wHQYDVR0OBBYEFFr2zvjkAP3Z
        FGnLUEnmZ8JK5YykMB8GA1UdIwQYMBaAFFr2zvjkAP3ZFGnLUEnmZ8JK5YykMA8G
        A1UdEwEB/wQFMAMBAf8wLAYDVR0RBCUwI4IJbG9jYWxob3N0hwR/AAABhxAAAAAA
        AAAAAAAAAAAAAAABMAoGCCqGSM49BAMCA0kAMEYCIQCdPyYoJXzGx5GAce/BMpI1
        Mp//9XVQgzVWpNTP0fh2SAIhAJW+pyAdb1nESKFU0WLfvNT5eyBO7x/XwF6Y6q9t
        VmVs
        -----END CERTIFICATE-----

        """

    private static let privateKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgm8ERQheusOghQICd
        qZ8K/xZYL4YaLfmQmxFBtI0R7byhRANCAATF0rsSFRR47PAX7E/Oc79wyKJ7YFI0
        +YnzfNXNZFe05bDS0TKR7ZpECSofrVWsyoKSUVq4ULR8fRHP9DJ0+vtM
        -----END PRIVATE KEY-----

        """
}
