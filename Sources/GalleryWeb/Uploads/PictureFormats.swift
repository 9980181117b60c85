/// The formats that posts may have, in the words of forms and names.
enum PictureFormats {
    /// The largest image, for people to read.
    static let limitText = "\(UploadForm.maximumImageBytes / 1_048_576) MB"
    /// The formats, for people to read.
    static let inWords = "JPEG, PNG, WebP, GIF, AVIF or HEIC"
    /// What a browser's file dialog offers.
    static let accept = "image/jpeg,image/png,image/webp,image/gif,image/avif,image/heic"
}
