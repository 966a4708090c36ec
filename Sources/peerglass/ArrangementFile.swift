import CTermGuard
import Configuration
import Daemon
import Dashboard
import Glibc
import Synchronization
import Terminal

/// The arrangement of the overview in the settings file, read at the start and written as it changes.
///
/// A thread writes, at most once a second, so that a slow disk never holds up the screen.
final class ArrangementFile {
    /// What the file says; as drawn where it says nothing or cannot be read.
    let arrangement: Arrangement

    private let path: String?
    private var waiting: Arrangement?
    private var nextWrite: Int64 = 0
    private var thread: Thread?
    private let shared = Shared()
    private var lastFault: String?

    /// What the writing thread says.
    private final class Shared: Sendable {
        let state = Mutex(State())

        struct State {
            var isWriting = false
            var fault: String?
        }
    }

    private static let interval: Int64 = 1_000_000_000

    /// Reads the file; without a path nothing is read or remembered.
    init(path: String?) {
        self.path = path
        do throws(SettingsFault) {
            arrangement =
                try path.map { path throws(SettingsFault) in try Self.read(path) } ?? .init()
        } catch {
            arrangement = Arrangement()
            shared.state.withLock { $0.fault = error.text + "; panes are not remembered" }
        }
    }

    /// Keeps an arrangement to be written.
    func remember(_ arrangement: Arrangement) {
        waiting = arrangement
    }

    /// Starts what is to be written and is due; to be called a few times a second.
    ///
    /// - Returns: what went wrong since the last call, in words; the same thing once.
    func work(now: Int64) -> String? {
        let (isWriting, fault) = shared.state.withLock { ($0.isWriting, $0.fault) }
        if !isWriting, now >= nextWrite, let path, let arrangement = waiting {
            waiting = nil
            nextWrite = now + Self.interval
            thread.take()?.join()
            shared.state.withLock { $0.isWriting = true }
            let shared = shared
            thread = Thread(name: "settings") {
                cg_protect_thread()
                let fault = Self.fault(of: arrangement, path)
                shared.state.withLock { state in
                    state.isWriting = false
                    state.fault = fault
                }
            }
            // Without a thread it is tried again.
            if thread == nil {
                waiting = arrangement
                shared.state.withLock { $0.isWriting = false }
            }
        }
        defer { lastFault = fault }
        return fault == lastFault ? nil : fault
    }

    /// Writes what waits; nothing is under way any more afterwards.
    func close() {
        thread.take()?.join()
        if let path, let arrangement = waiting.take() { _ = Self.fault(of: arrangement, path) }
    }

    private static func fault(of arrangement: Arrangement, _ path: String) -> String? {
        do throws(SettingsFault) {
            try write(arrangement, path)
            return nil
        } catch {
            return error.text + "; panes are not remembered"
        }
    }
}

/// Why settings cannot be read or written, in words with the file's name.
struct SettingsFault: Error, Hashable {
    var text: String
}

extension ArrangementFile {
    private static let section = "panes"
    private static let preface =
        "# Settings of the Peerglass dashboard. It writes panes itself, and keeps all else.\n"

    /// The arrangement in a file; as drawn where there is no such file.
    static func read(_ path: String) throws(SettingsFault) -> Arrangement {
        try arrangement(in: try text(of: path), path)
    }

    /// Writes an arrangement; what else stands in the file stays.
    ///
    /// The file is replaced as a whole, so that no reader ever sees half of it. One that is wrong is
    /// left for the person who wrote it.
    static func write(_ arrangement: Arrangement, _ path: String) throws(SettingsFault) {
        let old = try text(of: path)
        guard try self.arrangement(in: old, path) != arrangement else { return }
        let new: String
        do throws(YAMLFault) {
            let file = try SettingsFile(yaml: old.isEmpty ? preface : old, file: path)
            new = try file.replacing(section, with: arrangement.settings)
        } catch {
            throw SettingsFault(text: "\(error)")
        }
        do throws(UnreadableFile) {
            try Files.replace(path, with: Array(new.utf8))
        } catch {
            throw SettingsFault(text: "\(path): \(error.reason)")
        }
    }

    private static func text(of path: String) throws(SettingsFault) -> String {
        guard Files.exists(path) else { return "" }
        let bytes: [UInt8]
        do throws(UnreadableFile) {
            bytes = try Files.contents(path)
        } catch {
            throw SettingsFault(text: "\(path): \(error.reason)")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw SettingsFault(text: "\(path): not UTF-8 text")
        }
        return text
    }

    private static func arrangement(
        in text: String,
        _ path: String
    ) throws(SettingsFault) -> Arrangement {
        var result = Arrangement()
        let settings: [SettingsFile.Setting]
        do throws(YAMLFault) {
            settings = try SettingsFile(yaml: text, file: path).settings(in: section)
        } catch {
            throw SettingsFault(text: "\(error)")
        }
        for setting in settings {
            do throws(ArrangementFault) {
                try result.set(setting.name, to: setting.value)
            } catch {
                throw SettingsFault(text: "\(path):\(setting.line): \(error.text)")
            }
        }
        return result
    }
}
