import FoundationEssentials

extension BucketConfiguration {
    /// Reads django-storages' `AWS_S3_OBJECT_PARAMETERS`, which Python has as a dictionary, from JSON.
    mutating func readObjectParameters(_ settings: EnvironmentSettings) throws(StorageError) {
        let name = "AWS_S3_OBJECT_PARAMETERS"
        guard let text = settings.text(name) else { return }
        let advice = #"It must be JSON such as {"CacheControl": "max-age=86400"}."#
        let decoded = try? JSONDecoder().decode([String: String].self, from: Data(text.utf8))
        guard let parameters = decoded else {
            throw EnvironmentSettings.wrong(name, text, advice)
        }
        for (parameter, value) in parameters.sorted(by: { $0.key < $1.key }) {
            guard HeaderText.isPlain(value) else {
                throw EnvironmentSettings.wrong(name, text, "\(parameter) must be printable ASCII.")
            }
            switch parameter {
            case "CacheControl": cacheControl = value
            case "ContentDisposition": contentDisposition = value
            case "StorageClass": storageClass = value
            case "ACL": defaultACL = value
            default:
                throw StorageError(
                    .configuration,
                    message: "\(name) has \(MediaName.quoted(parameter)), which is not supported.",
                    advice: "It may have CacheControl, ContentDisposition, StorageClass and ACL."
                )
            }
        }
    }
}
