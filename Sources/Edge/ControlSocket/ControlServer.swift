internal import CLinux
package import Control
internal import Glibc

/// The control sockets of a speaker, for a loop that somebody else owns.
///
/// The loop watches what ``takeInterestChanges()`` names, hands every readiness to
/// ``ready(_:readable:writable:)``, gets questions, and gives the answers back through
/// ``reply(_:to:)``. Nothing here blocks. A client that does not read its answers is not read any
/// more until it does; one that sends nonsense is closed.
package struct ControlServer: ~Copyable {
    /// Who may ask what on a socket.
    package enum Access: Hashable, Sendable {
        /// Everything; the file's mode is 0660.
        case unrestricted
        /// Only what changes nothing; the file's mode is 0666.
        case restricted
    }

    /// A question and whom to answer.
    package struct Asked: Hashable, Sendable {
        package var address: ReplyAddress
        package var question: Question
    }

    /// Whom an answer goes to; stays valid as a value when the client is gone, and leads nowhere then.
    package struct ReplyAddress: Hashable, Sendable {
        var client: UInt64
        var request: UInt32
    }

    /// A change of what the loop is to watch.
    package enum InterestChange: Hashable, Sendable {
        /// A new descriptor.
        case watch(descriptor: Int32, readable: Bool, writable: Bool)
        /// Other readiness of a watched one.
        case change(descriptor: Int32, readable: Bool, writable: Bool)
        /// The descriptor is closed already; its number may come again in the next `watch`.
        case forget(descriptor: Int32)
    }

    private struct Listener {
        var path: String
        var access: Access
        var file: cl_unix_listener
    }

    private var listeners: [Listener] = []
    private var connections: [Int32: ServerConnection] = [:]
    private var descriptors: [UInt64: Int32] = [:]
    private var changes: [InterestChange] = []
    private var lastClient: UInt64 = 0

    /// Clients served at once; more are turned away.
    let clientLimit: Int
    /// Clients taken in one go.
    private static let clientsPerTurn = 64

    /// Why no more clients are taken until ``acceptAgain()``; nil while they are.
    package private(set) var acceptFault: Int32?

    /// A server that takes at most 128 clients, and of this process's descriptors at most a quarter.
    package init() {
        clientLimit = max(4, min(128, sysconf(Int32(_SC_OPEN_MAX)) / 4))
    }

    deinit {
        for listener in listeners {
            withUnsafePointer(to: listener.file) { _ = cl_unix_close(listener.path, $0) }
        }
    }

    /// Opens a socket file and listens; a stale file of an instance that is gone is replaced.
    package mutating func listen(
        on path: String,
        access: Access
    ) throws(ControlSocketFault) {
        var file = cl_unix_listener()
        let result = cl_unix_listen(path, access == .restricted ? 0o666 : 0o660, &file)
        switch -result {
        case EADDRINUSE: throw .anotherInstance(path: path)
        case ENOTSOCK: throw .notASocket(path: path)
        case ENAMETOOLONG: throw .pathTooLong(path: path)
        case 1...: throw .system(operation: "listen on", path: path, errno: -result)
        default: break
        }
        listeners.append(Listener(path: path, access: access, file: file))
        changes.append(.watch(descriptor: file.fd, readable: true, writable: false))
    }

    /// The changes since the last call, in order; ask after every other call.
    package mutating func takeInterestChanges() -> [InterestChange] {
        let taken = changes
        changes = []
        return taken
    }

    /// True for a descriptor of this server.
    package func owns(_ descriptor: Int32) -> Bool {
        connections[descriptor] != nil || listeners.contains { $0.file.fd == descriptor }
    }

    /// Accepts, reads and writes what is possible on a descriptor, and gives the questions that came.
    ///
    /// A broken descriptor counts as readable.
    package mutating func ready(
        _ descriptor: Int32,
        readable: Bool,
        writable: Bool
    ) -> [Asked] {
        if let listener = listeners.first(where: { $0.file.fd == descriptor }) {
            accept(from: listener)
            return []
        }
        guard let connection = connections[descriptor] else { return [] }
        let progress = writable ? connection.stream.drain() : .going
        if readable { connection.read() }
        return settle(connection, progress)
    }

    /// Answers a question; where the client is gone the answer is dropped.
    ///
    /// More questions of the same client may have waited for this answer to leave: they come back here.
    package mutating func reply(_ reply: Reply, to address: ReplyAddress) -> [Asked] {
        guard let descriptor = descriptors[address.client],
            let connection = connections[descriptor]
        else { return [] }
        return settle(connection, connection.answer(reply, to: address.request))
    }

    /// Closes everything and removes the socket files that are still this server's.
    package mutating func close() {
        for connection in connections.values {
            changes.append(.forget(descriptor: connection.stream.descriptor))
        }
        connections = [:]
        descriptors = [:]
        for listener in listeners {
            withUnsafePointer(to: listener.file) { _ = cl_unix_close(listener.path, $0) }
            changes.append(.forget(descriptor: listener.file.fd))
        }
        listeners = []
    }

    /// Takes clients again after an ``acceptFault``; the loop calls it a little later.
    package mutating func acceptAgain() {
        guard acceptFault != nil else { return }
        acceptFault = nil
        watchListeners()
    }

    private mutating func watchListeners() {
        for listener in listeners {
            changes.append(
                .change(
                    descriptor: listener.file.fd,
                    readable: acceptFault == nil,
                    writable: false
                )
            )
        }
    }

    private mutating func accept(from listener: Listener) {
        for _ in 0..<Self.clientsPerTurn {
            let descriptor = cl_unix_accept(listener.file.fd)
            guard descriptor >= 0 else {
                // The queue stays readable: looking again at once would take all of the processor.
                if [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(-descriptor), acceptFault == nil {
                    acceptFault = -descriptor
                    watchListeners()
                }
                return
            }
            guard connections.count < clientLimit else {
                _ = cl_close(descriptor)
                continue
            }
            lastClient += 1
            connections[descriptor] = ServerConnection(
                descriptor: descriptor,
                client: lastClient,
                access: listener.access
            )
            descriptors[lastClient] = descriptor
            changes.append(.watch(descriptor: descriptor, readable: true, writable: false))
        }
    }

    /// Takes the questions that may be asked now, and tells the loop what to watch from here on.
    private mutating func settle(
        _ connection: ServerConnection,
        _ progress: ControlStream.Progress
    ) -> [Asked] {
        let descriptor = connection.stream.descriptor
        var questions: [Asked] = []
        var progress = progress
        if case .going = progress { progress = connection.takeQuestions(into: &questions) }
        if case .ended = progress {
            connections[descriptor] = nil
            descriptors[connection.client] = nil
            changes.append(.forget(descriptor: descriptor))
            return []
        }
        let interest = connection.interest
        if interest != connection.announced {
            connection.announced = interest
            changes.append(
                .change(
                    descriptor: descriptor,
                    readable: interest.readable,
                    writable: interest.writable
                )
            )
        }
        return questions
    }
}
