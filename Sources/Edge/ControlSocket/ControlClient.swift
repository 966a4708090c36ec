internal import CLinux
package import Control
internal import Glibc

/// A connection to a running instance.
///
/// Two ways to use it: ``ask(_:timeout:)`` waits for the answer; ``send(_:)``, ``receive()`` and
/// ``flush()`` with ``descriptor`` in a poll set never wait. One thread uses it at a time.
package struct ControlClient: ~Copyable {
    /// Names a question that was sent, so that its answer is known.
    package struct Token: Hashable, Sendable {
        package var value: UInt32
    }

    /// The path it is connected to.
    package let path: String
    /// True where the instance answers only what changes nothing.
    package private(set) var isRestricted = false
    private let stream: ControlStream
    private var lastToken: UInt32 = 0
    private var kept: [(token: Token, reply: Reply)] = []

    /// The longest answer that is taken; pages are far shorter.
    private static let longestAnswer = 256 << 20

    /// Connects and exchanges greetings.
    package init(
        path: String,
        timeout: Duration = .seconds(5)
    ) throws(ControlSocketFault) {
        let stream = try Self.connect(to: path)
        let hello = try Self.greet(stream, path: path, timeout: timeout)
        self.path = path
        self.stream = stream
        isRestricted = hello.isRestricted
    }

    /// The socket, for a poll set.
    package var descriptor: Int32 { stream.descriptor }

    /// Asks and waits for the answer.
    package mutating func ask<Request: ControlRequest>(
        _ request: Request,
        timeout: Duration = .seconds(10)
    ) throws(ControlSocketFault) -> Request.Answer {
        let token = try send(request.question)
        let reply = try wait(for: token, timeout: timeout)
        do {
            return try Request.unwrap(reply)
        } catch {
            switch error {
            case .refused(let result): throw .refused(result)
            case .otherAnswer:
                throw .malformed(path: path, .badValue(offset: 0, type: "answer to the question"))
            }
        }
    }

    /// True while questions wait for the socket to take them: then ``flush()`` when it is writable.
    package var wantsWrite: Bool { stream.pendingOutput > 0 }

    /// Sends a question as far as the socket takes it now.
    package mutating func send(_ question: Question) throws(ControlSocketFault) -> Token {
        lastToken &+= 1
        stream.append(question, number: lastToken)
        try flush()
        return Token(value: lastToken)
    }

    /// Sends what waits, as far as the socket takes it now.
    package mutating func flush() throws(ControlSocketFault) {
        if case .ended = stream.drain() { throw .lost(path: path) }
    }

    /// Every answer that is there now, in the order of arrival.
    ///
    /// - Throws: ``ControlSocketFault/lost(path:)`` once the connection has ended and every answer
    ///   before its end was given out.
    package mutating func receive() throws(ControlSocketFault) -> [(token: Token, reply: Reply)] {
        var answers = kept
        kept = []
        do {
            while let answer = try nextAnswer() { answers.append(answer) }
        } catch {
            if answers.isEmpty { throw error }
        }
        return answers
    }

    /// Waits for the answer to a question that was sent; answers to others are kept for ``receive()``.
    package mutating func wait(
        for token: Token,
        timeout: Duration
    ) throws(ControlSocketFault) -> Reply {
        if let index = kept.firstIndex(where: { $0.token == token }) {
            return kept.remove(at: index).reply
        }
        let deadline = Self.deadline(timeout)
        while true {
            while let answer = try nextAnswer() {
                if answer.token == token { return answer.reply }
                kept.append(answer)
            }
            try Self.waitForInput(of: stream, path: path, until: deadline, timeout)
        }
    }

    /// True where somebody listens on that path.
    package static func answers(on path: String) -> Bool {
        let descriptor = cl_unix_connect(path)
        guard descriptor >= 0 else { return false }
        _ = cl_close(descriptor)
        return true
    }

    private mutating func nextAnswer() throws(ControlSocketFault) -> (token: Token, reply: Reply)? {
        guard let frame = try Self.nextFrame(of: stream, path: path) else { return nil }
        do {
            let reply = try Reply(encoded: frame.bytes)
            return (Token(value: frame.number), reply)
        } catch {
            throw .malformed(path: path, error)
        }
    }
}

extension ControlClient {
    private static func connect(to path: String) throws(ControlSocketFault) -> ControlStream {
        let descriptor = cl_unix_connect(path)
        switch -descriptor {
        case ENAMETOOLONG: throw .pathTooLong(path: path)
        case ENOENT, ECONNREFUSED: throw .noInstance(path: path, errno: -descriptor)
        case 1...: throw .system(operation: "connect to", path: path, errno: -descriptor)
        default: return ControlStream(descriptor: descriptor, longestFrame: longestAnswer)
        }
    }

    private static func greet(
        _ stream: ControlStream,
        path: String,
        timeout: Duration
    ) throws(ControlSocketFault) -> ControlHello {
        stream.append(ControlHello(), number: 0)
        if case .ended = stream.drain() { throw .lost(path: path) }
        let deadline = deadline(timeout)
        while true {
            if let frame = try nextFrame(of: stream, path: path) {
                let hello: ControlHello
                do {
                    hello = try ControlHello(encoded: frame.bytes)
                } catch {
                    throw .malformed(path: path, error)
                }
                guard hello.version == ControlHello.currentVersion else {
                    throw .otherVersion(path: path, version: hello.version)
                }
                return hello
            }
            try waitForInput(of: stream, path: path, until: deadline, timeout)
        }
    }

    /// A frame that is there, or that the socket has ready.
    private static func nextFrame(
        of stream: ControlStream,
        path: String
    ) throws(ControlSocketFault) -> ControlStream.Frame? {
        while true {
            let (frame, progress) = stream.nextFrame()
            if let frame { return frame }
            if case .ended = progress {
                throw .malformed(path: path, .badValue(offset: 0, type: "frame"))
            }
            if stream.hasEnded { throw .lost(path: path) }
            if cl_wait(stream.descriptor, 1, 0) & 1 == 0 { return nil }
            stream.fill()
        }
    }

    private static func deadline(_ timeout: Duration) -> Int64 {
        let (seconds, attoseconds) = timeout.components
        return cl_monotonic_nanoseconds() + seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }

    private static func waitForInput(
        of stream: ControlStream,
        path: String,
        until deadline: Int64,
        _ timeout: Duration
    ) throws(ControlSocketFault) {
        let left = deadline - cl_monotonic_nanoseconds()
        guard left > 0 else { throw .timedOut(path: path, after: timeout) }
        let ready = cl_wait(stream.descriptor, stream.pendingOutput > 0 ? 3 : 1, left)
        if ready & 2 != 0, case .ended = stream.drain() { throw .lost(path: path) }
    }
}
