import Logging
import Policy
import Synchronization

/// Shell scripts in a folder that are run, one after the other in the order of their names, once a daemon serves.
///
/// They find the daemon by the variables that the AWS CLI and SDKs read. One that fails is logged, and the
/// next is run.
final class InitScripts: Sendable {
    /// How a script is doing, in LocalStack's words.
    enum State: String {
        case unknown = "UNKNOWN"
        case running = "RUNNING"
        case successful = "SUCCESSFUL"
        case error = "ERROR"
    }

    private struct Progress {
        var scripts: [(name: String, state: State)] = []
        var isComplete = false
    }

    private let folder: String?
    private let progress: Mutex<Progress>

    /// Finds the scripts of a folder.
    ///
    /// - Parameters:
    ///   - folder: where they are, or `nil` for none.
    ///   - isNamed: whether somebody named the folder, so that it must be there.
    /// - Throws: ``Refusal`` where a folder that was named cannot be read.
    init(folder: String?, isNamed: Bool) throws(Refusal) {
        self.folder = folder
        var names: [String] = []
        if let folder {
            do { names = try FileText.names(in: folder) } catch {
                if isNamed { throw Refusal("The folder \(folder) cannot be read: \(error).") }
            }
        }
        let scripts = names.filter { $0.hasSuffix(".sh") }.sorted().map { ($0, State.unknown) }
        progress = Mutex(Progress(scripts: scripts))
    }

    /// Runs them all, and returns when the last has ended; when the task is cancelled, the one that runs is killed.
    func run(_ environment: [String: String], _ logger: Logger) async {
        let names = progress.withLock { $0.scripts.map(\.name) }
        for (index, name) in names.enumerated() where !Task.isCancelled {
            set(.running, of: index)
            let result = await outcome(of: name, environment)
            set(result == nil ? .successful : .error, of: index)
            if let result {
                logger.error(
                    "A script of the init folder failed",
                    metadata: ["script": "\(name)", "reason": "\(result)"]
                )
            } else {
                logger.info("Ran a script of the init folder", metadata: ["script": "\(name)"])
            }
        }
        progress.withLock { $0.isComplete = true }
    }

    /// Runs one.
    ///
    /// - Returns: why it failed, or `nil`.
    private func outcome(of name: String, _ environment: [String: String]) async -> String? {
        let path = "\(folder ?? "")/\(name)"
        do {
            let child = try ChildProcess(
                ChildProcess.isExecutable(path) ? [path] : ["/bin/sh", path],
                environment: environment
            )
            let status = await child.wait()
            return status == 0 ? nil : "ended with \(status)"
        } catch {
            return "cannot be started: \(error)"
        }
    }

    private func set(_ state: State, of index: Int) {
        progress.withLock { $0.scripts[index].state = state }
    }

    /// The state of each, as LocalStack's `/_localstack/init` tells it.
    var json: String {
        let (scripts, isComplete) = progress.withLock { ($0.scripts, $0.isComplete) }
        return JSON.object([
            "completed": .object([
                "BOOT": .bool(true), "START": .bool(true), "READY": .bool(isComplete),
                "SHUTDOWN": .bool(false),
            ]),
            "scripts": .array(
                scripts.map { script in
                    .object([
                        "stage": .string("READY"), "name": .string(script.name),
                        "state": .string(script.state.rawValue),
                    ])
                }
            ),
        ]).text
    }
}
