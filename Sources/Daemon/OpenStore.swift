import ObjectStore

/// Opens stores, and says in words what keeps one closed.
enum OpenStore {
    /// Opens a store.
    ///
    /// - Throws: ``Refusal`` that names the folder and, where a daemon holds it, that daemon.
    static func open(_ configuration: StoreConfiguration) async throws(Refusal) -> Store {
        do {
            return try Store.open(configuration)
        } catch StoreError.folderInUse(let folder) {
            throw Refusal(await inUse(folder))
        } catch let error as StoreError {
            throw Refusal(error)
        } catch {
            throw Refusal("The store cannot be opened: \(error)")
        }
    }

    private static func inUse(_ folder: String) async -> String {
        guard let status = try? await Administration(folder: folder).status() else {
            return "The data folder \(folder) is in use by another process that does not answer; "
                + "if it is just starting or stopping, try again."
        }
        let urls = status.endpoints.map(\.url).joined(separator: " and ")
        return "The data folder \(folder) is in use by the daemon with process ID "
            + "\(status.processID), on \(urls). Stop it, or name another folder with --data."
    }
}
