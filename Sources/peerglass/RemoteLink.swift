import CLinux
import CTermGuard
import Control
import ControlSocket
import Daemon
import Glibc
import Synchronization

/// The speaker of another process, over its control socket; a thread of its own talks to it.
///
/// A lost connection is tried again once a second for as long as the screen is open.
final class RemoteLink: SpeakerLink {
    private let shared: Shared

    /// What both threads see.
    private final class Shared: Sendable {
        struct State {
            var questions: [(UInt64, Question)] = []
            var news: [LinkNews] = []
            var isClosed = false
        }

        let state = Mutex(State())
        let wakeDescriptor: Int32
        let wakeScreen: @Sendable () -> Void

        init(wakeScreen: @escaping @Sendable () -> Void) {
            wakeDescriptor = cl_eventfd()
            self.wakeScreen = wakeScreen
        }

        deinit { _ = cl_close(wakeDescriptor) }

        func tell(_ news: LinkNews) {
            state.withLock { $0.news.append(news) }
            wakeScreen()
        }
    }

    /// Takes over a client that is connected; `wakeScreen` is called when something has come.
    init?(client: consuming sending ControlClient, wakeScreen: @escaping @Sendable () -> Void) {
        let shared = Shared(wakeScreen: wakeScreen)
        self.shared = shared
        let handOver = Mutex<ControlClient?>(client)
        let thread = Thread(name: "control") {
            cg_protect_thread()
            guard let client = handOver.withLock({ $0.take() }) else { return }
            Self.serve(client, shared)
        }
        guard thread != nil else { return nil }
    }

    deinit {
        shared.state.withLock { $0.isClosed = true }
        _ = cl_wake(shared.wakeDescriptor)
    }

    func ask(_ question: Question, token: UInt64) {
        shared.state.withLock { $0.questions.append((token, question)) }
        _ = cl_wake(shared.wakeDescriptor)
    }

    func takeNews() -> [LinkNews] {
        shared.state.withLock { state in
            let taken = state.news
            state.news = []
            return taken
        }
    }

    // MARK: The thread

    private static func serve(_ client: consuming ControlClient, _ shared: Shared) {
        let path = client.path
        var present = Optional(client)
        while !shared.state.withLock({ $0.isClosed }) {
            if var client = present.take() {
                do throws(ControlSocketFault) {
                    try talk(&client, shared)
                    return
                } catch {
                    shared.tell(.lost(error.text))
                }
            }
            wait(descriptors: [shared.wakeDescriptor], milliseconds: 1000)
            if let again = try? ControlClient(path: path) {
                present = consume again
                shared.state.withLock { $0.questions = [] }
                shared.tell(.regained)
            }
        }
    }

    /// Talks until the screen closes; throws where the connection is lost.
    private static func talk(_ client: inout ControlClient, _ shared: Shared)
        throws(ControlSocketFault)
    {
        var tokens: [ControlClient.Token: UInt64] = [:]
        while true {
            let (questions, isClosed) = shared.state.withLock { state in
                let taken = (state.questions, state.isClosed)
                state.questions = []
                return taken
            }
            if isClosed { return }
            for (token, question) in questions { tokens[try client.send(question)] = token }
            try client.flush()
            for (token, reply) in try client.receive() {
                if let mine = tokens.removeValue(forKey: token) {
                    shared.tell(.reply(token: mine, reply))
                }
            }
            let hasMore = shared.state.withLock { !$0.questions.isEmpty || $0.isClosed }
            if !hasMore {
                wait(
                    descriptors: [shared.wakeDescriptor, client.descriptor],
                    writable: client.wantsWrite ? client.descriptor : -1,
                    milliseconds: -1
                )
            }
            _ = cl_clear_wake(shared.wakeDescriptor)
        }
    }

    private static func wait(descriptors: [Int32], writable: Int32 = -1, milliseconds: Int32) {
        var entries = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        entries.append(pollfd(fd: writable, events: Int16(POLLOUT), revents: 0))
        _ = poll(&entries, nfds_t(entries.count), milliseconds)
    }
}
