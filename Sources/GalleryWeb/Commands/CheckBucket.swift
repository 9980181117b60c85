import GalleryClient

/// Checks a bucket's settings step by step, from the name to the URL.
struct CheckBucket {
    /// A clock that is further off, in seconds, is told: AWS refuses from 15 minutes on.
    static let clockTolerance: Int64 = 120

    private let bucket: BucketConfiguration
    private let storage: GalleryStorage
    private let inspection: BucketInspection
    private let network: any CheckNetwork
    private let findings: CheckFindings

    init(
        _ bucket: BucketConfiguration,
        _ storage: GalleryStorage,
        _ network: any CheckNetwork,
        _ findings: CheckFindings
    ) {
        self.bucket = bucket
        self.storage = storage
        self.network = network
        self.findings = findings
        inspection = BucketInspection(storage)
    }

    /// Says what the settings lead to.
    func describe() throws -> Bool {
        let place = try inspection.place()
        let folder = bucket.location.isEmpty ? "" : ", folder \(bucket.location)"
        findings.says("Storage", "the bucket \(bucket.bucket)\(folder)")
        findings.says("Endpoint", place.url + (place.isAmazon ? " (Amazon S3)" : ""))
        let style = place.isVirtual ? "in the host (virtual)" : "in the path"
        findings.says("Bucket's name", "\(style); AWS_S3_ADDRESSING_STYLE is \(bucket.addressing)")
        findings.says("Region", place.region)
        findings.says("Names that are taken", bucket.overwrites ? "are overwritten" : "get another")
        let urls: String =
            if let domain = bucket.customDomain {
                "\(bucket.urlScheme)://\(domain)/, not signed"
            } else if bucket.signsURLs {
                "signed, good for \(bucket.urlLifetime) seconds"
            } else {
                "not signed: the bucket must be public"
            }
        findings.says("URLs", urls)
        if let endpoint = bucket.publicEndpoint { findings.says("URLs are made for", endpoint) }
        return true
    }

    /// Finds the key, and never shows its secret.
    func findCredentials() async -> Bool {
        do {
            guard let found = try await inspection.credentials() else {
                throw StorageError(
                    .accessDenied,
                    message: "There are none.",
                    advice: """
                        Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or configure a profile of the AWS \
                        CLI; `pail env` prints Pail's.
                        """
                )
            }
            findings.works("Credentials", "access key \(found.accessKey) from \(found.source)")
            return true
        } catch {
            findings.failed("Credentials", error)
            return false
        }
    }

    /// Resolves the host's name and connects.
    func reach() async -> Bool {
        do {
            let place = try inspection.place()
            do {
                let addresses = try await network.addresses(of: place.host)
                let text = addresses.joined(separator: ", ")
                findings.works("Name resolution", "\(place.host) is \(text)")
            } catch {
                findings.failed("Name resolution", error, advice: nameAdvice(place))
                return false
            }
            try await network.connect(to: place.host, port: place.port)
            findings.works("Connection", "port \(place.port)")
            return true
        } catch {
            let advice = "Look at AWS_S3_ENDPOINT_URL, and whether the server runs (`pail serve`)."
            findings.failed("Connection", error, advice: advice)
            return false
        }
    }

    private func nameAdvice(_ place: BucketInspection.Place) -> String {
        guard place.isVirtual else {
            return
                "Look at AWS_S3_ENDPOINT_URL\(place.isAmazon ? ", AWS_S3_REGION_NAME" : "") and the network."
        }
        if place.host.hasSuffix(".localhost") {
            return """
                Browsers resolve names under localhost, this system does not: set \
                AWS_S3_ADDRESSING_STYLE=path, or add “127.0.0.1 \(place.host)” to /etc/hosts.
                """
        }
        return "Look at the bucket's name and the region, or set AWS_S3_ADDRESSING_STYLE=path."
    }

    /// Asks for the bucket.
    func find() async -> Bool {
        do {
            let place = try inspection.place()
            let region = try await inspection.headBucket()
            if let region, region != place.region, place.isAmazon {
                findings.warns(
                    "Bucket",
                    "it is in \(region), and the settings say \(place.region)",
                    advice:
                        "Set AWS_S3_REGION_NAME=\(region): requests are redirected, signed URLs may fail."
                )
            } else {
                findings.works("Bucket", region.map { "it is there, in \($0)" } ?? "it is there")
            }
            return true
        } catch {
            findings.failed("Bucket", error, advice: bucketAdvice(error))
            return false
        }
    }

    private func bucketAdvice(_ error: any Error) -> String {
        guard let error = error as? StorageError else { return "" }
        switch error.code {
        case "NoSuchBucket", "NotFound":
            return """
                Make the bucket (`aws s3 mb s3://\(bucket.bucket)`, or `pail serve --bucket \(bucket.bucket)`), \
                or look at AWS_STORAGE_BUCKET_NAME and the endpoint.
                """
        case "AccessDenied", "Forbidden":
            return
                "The key may not use the bucket: give its user s3:ListBucket, s3:GetObject, s3:PutObject, s3:DeleteObject."
        case "SignatureDoesNotMatch":
            return
                "AWS_SECRET_ACCESS_KEY is not the secret of this access key, or a proxy changes requests."
        default: return error.advice
        }
    }

    /// Opens a file's URL as a browser does.
    func openURL(of name: String) async {
        do {
            let url = try storage.url(for: name)
            let fetched = try await inspection.fetch(url)
            let what = bucket.signsURLs && bucket.customDomain == nil ? "Signed URL" : "URL"
            if fetched.status == 200 {
                findings.works(what, "opens")
            } else {
                let advice =
                    what == "URL"
                    ? "The content must be public: look at the bucket's policy and the custom domain."
                    : "Look at AWS_S3_PUBLIC_ENDPOINT_URL: the signed host must be the one that is asked."
                let error = StorageError(
                    .accessDenied,
                    message: "\(url.prefix { $0 != "?" }) answers \(fetched.status)."
                )
                findings.failed(what, error, advice: advice)
            }
            checkClock(fetched.clockSeconds)
        } catch {
            findings.failed("URL", error)
        }
    }

    private func checkClock(_ seconds: Int64?) {
        guard let seconds, abs(seconds) > Self.clockTolerance else { return }
        let direction = seconds > 0 ? "behind" : "ahead of"
        findings.warns(
            "Clock",
            "this machine is \(abs(seconds)) seconds \(direction) the server",
            advice: "Set the clock: signatures that are 15 minutes off are refused."
        )
    }
}
