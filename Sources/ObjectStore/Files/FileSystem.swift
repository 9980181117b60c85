/// Where bodies live that are too large for the index: a folder of files being written, and one of finished blobs.
///
/// Everything that can fail on a disk goes through here one call at a time, so that tests can
/// fail any of them. Names are made by the store and never come from a request.
protocol FileSystem: Sendable {
    /// Whether what is written outlives the process.
    var isPersistent: Bool { get }

    /// Makes an empty file in `staging`; a name that exists is an error.
    func create(_ name: String) throws(IOError) -> Descriptor
    /// Writes some of the bytes at the end of the file and answers how many.
    func write(
        _ bytes: UnsafeRawBufferPointer,
        to file: borrowing Descriptor
    ) throws(IOError) -> Int
    /// Lets the disk begin with bytes of the file that a later sync will wait for; it promises nothing.
    func beginWriteOut(of range: Range<Int64>, of file: borrowing Descriptor)
    /// Returns once the file's bytes are on the disk.
    func sync(_ file: borrowing Descriptor) throws(IOError)
    /// Moves a file from `staging` to `blobs`; a name that exists is an error.
    func publish(_ name: String) throws(IOError)
    /// Returns once the names in `blobs` are on the disk.
    func syncBlobs() throws(IOError)
    /// Returns once all that was written before is on the disk, the index too, where no sync has waited for it.
    func syncAll() throws(IOError)
    /// Opens a blob for reading.
    func open(_ name: String) throws(IOError) -> Descriptor
    /// Removes a file; one that is not there is no error.
    func remove(_ name: String, from folder: Folder) throws(IOError)
    /// Moves a blob out of the way, to where nothing is ever removed from; the move is on the disk when this returns.
    func quarantine(_ name: String) throws(IOError)
    /// The names in a folder, in no order.
    func names(in folder: Folder) throws(IOError) -> [String]
    /// The bytes of the file with the master key, or `nil` where there is none.
    func readMasterKey() throws(IOError) -> [UInt8]?
    /// Makes the file with the master key, durable when this returns; one that is there is an error.
    ///
    /// `name` is what the file is called in `staging` until it is whole.
    func writeMasterKey(_ bytes: [UInt8], by name: String) throws(IOError)
    /// Makes one of the files that hold room back, or leaves it there; after an error it is not.
    func holdReserve(_ number: Int) throws(IOError)
    /// Removes one of the files that hold room back.
    func giveUpReserve(_ number: Int)
    /// Lets others have the folder.
    func close()
}

/// One of the two folders of bodies.
enum Folder: String, Sendable {
    /// Files that are being written.
    case staging
    /// Files that never change again.
    case blobs
}

extension FileSystem {
    /// Writes all of the bytes, carrying on after a short write.
    func writeAll(
        _ bytes: UnsafeRawBufferPointer,
        to file: borrowing Descriptor
    ) throws(IOError) {
        var rest = unsafe bytes[...]
        while unsafe !rest.isEmpty {
            let written = try unsafe write(UnsafeRawBufferPointer(rebasing: rest), to: file)
            unsafe rest = unsafe rest.dropFirst(written)
        }
    }
}
