import Addressing
import BGPWire
import CLinux
import Control
import Foundation
import Testing
import Timekeeping

@testable import ControlSocket

/// A server whose loop the test turns by hand, in a directory of its own.
private final class Bench {
    var server = ControlServer()
    let directory: String
    var path: String { directory + "/s" }
    var watched: [Int32: (readable: Bool, writable: Bool)] = [:]

    init() {
        directory = NSTemporaryDirectory() + "peerglass-\(UUID().uuidString)"
        try? FileManager.default.createDirectory(
            atPath: directory,
            withIntermediateDirectories: true
        )
    }

    deinit {
        server.close()
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// One turn of the loop: every descriptor that is ready is served.
    func turn() -> [ControlServer.Asked] {
        var questions: [ControlServer.Asked] = []
        applyChanges()
        for (descriptor, interest) in watched.sorted(by: { $0.key < $1.key }) {
            let events = UInt32((interest.readable ? 1 : 0) | (interest.writable ? 2 : 0))
            let ready = cl_wait(descriptor, events, 0)
            guard ready > 0 else { continue }
            questions += server.ready(
                descriptor,
                readable: ready & 1 != 0,
                writable: ready & 2 != 0
            )
            applyChanges()
        }
        return questions
    }

    private func applyChanges() {
        for change in server.takeInterestChanges() {
            switch change {
            case .watch(let descriptor, let readable, let writable):
                #expect(watched[descriptor] == nil)
                watched[descriptor] = (readable, writable)
            case .change(let descriptor, let readable, let writable):
                #expect(watched[descriptor] != nil)
                watched[descriptor] = (readable, writable)
            case .forget(let descriptor):
                #expect(watched.removeValue(forKey: descriptor) != nil)
            }
        }
    }

    /// Turns the loop until `condition` holds, at most 10 s.
    func turn(
        answering answer: (Question) -> Reply,
        until condition: () throws -> Bool
    ) rethrows -> Bool {
        let deadline = cl_monotonic_nanoseconds() + 10_000_000_000
        while cl_monotonic_nanoseconds() < deadline {
            var questions = turn()[...]
            while let asked = questions.popFirst() {
                questions += server.reply(answer(asked.question), to: asked.address)
            }
            if try condition() { return true }
        }
        return false
    }
}

/// Runs `body` on a thread of its own while the bench's loop turns.
private func whileServing<Result: Sendable>(
    _ bench: Bench,
    answer: (Question) -> Reply,
    _ body: @escaping @Sendable () -> Result
) throws -> Result {
    let box = Box<Result>()
    let thread = Thread { box.value = body() }
    thread.start()
    #expect(bench.turn(answering: answer) { box.value != nil })
    return try #require(box.value)
}

/// A value that one thread sets and another one waits for.
private final class Box<Value: Sendable>: @unchecked Sendable {
    // Guarded by `lock`.
    private var stored: Value?
    private let lock = NSLock()

    var value: Value? {
        get { lock.withLock { stored } }
        set { lock.withLock { stored = newValue } }
    }
}

@Suite struct `The control socket` {
    private func overview(_ count: Int) -> Reply {
        var overview = Overview(now: .init(nanoseconds: 1))
        overview.updatesIn = Array(repeating: 7, count: count)
        return .overview(overview)
    }

    @Test func `a question gets its answer`() throws {
        let bench = Bench()
        try bench.server.listen(on: bench.path, access: .unrestricted)
        let path = bench.path
        let result = try whileServing(bench, answer: { _ in .action(.processed) }) {
            Result<ActionResult, ControlSocketFault> { () throws(ControlSocketFault) in
                var client = try ControlClient(path: path)
                return try client.ask(StopRequest())
            }
        }
        #expect(try result.get() == .processed)
    }

    @Test func `answers come back by their tokens, in any order`() throws {
        let bench = Bench()
        try bench.server.listen(on: bench.path, access: .unrestricted)
        let path = bench.path
        let result = try whileServing(
            bench,
            answer: { $0 == .memory(MemoryRequest()) ? .memory([]) : .action(.noSuchRIB) }
        ) {
            Result<[Reply], ControlSocketFault> { () throws(ControlSocketFault) in
                var client = try ControlClient(path: path)
                let first = try client.send(.memory(MemoryRequest()))
                let second = try client.send(.stop(StopRequest()))
                let late = try client.wait(for: second, timeout: .seconds(5))
                return [late, try client.wait(for: first, timeout: .seconds(5))]
            }
        }
        #expect(try result.get() == [.action(.noSuchRIB), .memory([])])
    }

    @Test func `a restricted socket refuses what acts and answers the rest`() throws {
        let bench = Bench()
        try bench.server.listen(on: bench.path, access: .restricted)
        let path = bench.path
        let result = try whileServing(bench, answer: { _ in .memory([]) }) {
            var faults: [ControlSocketFault] = []
            var isRestricted = false
            do throws(ControlSocketFault) {
                var client = try ControlClient(path: path)
                isRestricted = client.isRestricted
                _ = try client.ask(MemoryRequest())
                _ = try client.ask(NeighborActionRequest(.all, .up))
            } catch {
                faults.append(error)
            }
            return (isRestricted, faults)
        }
        #expect(result.0)
        #expect(result.1 == [.refused(.permissionDenied)])
    }

    @Test func `the files have the modes of their sockets`() throws {
        let bench = Bench()
        try bench.server.listen(on: bench.path, access: .unrestricted)
        try bench.server.listen(on: bench.directory + "/r", access: .restricted)
        func mode(_ path: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        }
        #expect(try mode(bench.path) == 0o660)
        #expect(try mode(bench.directory + "/r") == 0o666)
    }

    @Test func `a living instance keeps its socket, a stale file is replaced`() throws {
        let bench = Bench()
        try bench.server.listen(on: bench.path, access: .unrestricted)
        var second = ControlServer()
        #expect(throws: ControlSocketFault.anotherInstance(path: bench.path)) {
            try second.listen(on: bench.path, access: .unrestricted)
        }
        #expect(
            ControlSocketFault.anotherInstance(path: "/run/x").text
                == "another instance answers on /run/x"
        )
        // A file that is still there when its maker is not.
        let stale = bench.directory + "/stale"
        var file = cl_unix_listener()
        #expect(cl_unix_listen(stale, 0o660, &file) >= 0)
        _ = cl_close(file.fd)
        #expect(!ControlClient.answers(on: stale))
        try second.listen(on: stale, access: .unrestricted)
        #expect(ControlClient.answers(on: stale))
    }

    @Test func `a file of another kind is left alone`() throws {
        let bench = Bench()
        try Data("precious".utf8).write(to: URL(fileURLWithPath: bench.path))
        #expect(throws: ControlSocketFault.notASocket(path: bench.path)) {
            try bench.server.listen(on: bench.path, access: .unrestricted)
        }
        #expect(FileManager.default.contents(atPath: bench.path) == Data("precious".utf8))
    }

    @Test func `close removes the file, but not another's of the same name`() throws {
        let bench = Bench()
        try bench.server.listen(on: bench.path, access: .unrestricted)
        bench.server.close()
        #expect(!FileManager.default.fileExists(atPath: bench.path))
        try bench.server.listen(on: bench.path, access: .unrestricted)
        try FileManager.default.removeItem(atPath: bench.path)
        try Data().write(to: URL(fileURLWithPath: bench.path))
        bench.server.close()
        #expect(FileManager.default.fileExists(atPath: bench.path))
    }

    @Test func `nobody there, a path too long and a directory missing are told apart`() {
        let long = "/" + String(repeating: "x", count: 120)
        #expect(throws: ControlSocketFault.noInstance(path: "/nonexistent/s", errno: 2)) {
            _ = try ControlClient(path: "/nonexistent/s")
        }
        #expect(throws: ControlSocketFault.pathTooLong(path: long)) {
            _ = try ControlClient(path: long)
        }
        var server = ControlServer()
        #expect(
            throws: ControlSocketFault.system(
                operation: "listen on",
                path: "/nonexistent/s",
                errno: 2
            )
        ) {
            try server.listen(on: "/nonexistent/s", access: .restricted)
        }
    }

    @Test(
        arguments: [
            Array("GET / HTTP/1.1\r\n\r\n".utf8), [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0],
            [1, 0, 0, 0, 0, 0, 0, 0, 9],
        ] as [[UInt8]]
    )
    func `a client that talks nonsense is closed and the others live on`(bytes: [UInt8]) throws {
        let bench = Bench()
        try bench.server.listen(on: bench.path, access: .unrestricted)
        let descriptor = cl_unix_connect(bench.path)
        defer { _ = cl_close(descriptor) }
        #expect(cl_write(descriptor, bytes, bytes.count) == bytes.count)
        var byte: UInt8 = 0
        // A reset counts as well: octets of the nonsense were still unread.
        let closed: () -> Bool = {
            let count = cl_read(descriptor, &byte, 1)
            return count == 0 || count == -104
        }
        #expect(bench.turn(answering: { _ in .action(.processed) }, until: closed))
        #expect(bench.watched.count == 1)
    }

    @Test func `one client too many is closed at once, and the others stay`() throws {
        let bench = Bench()
        try bench.server.listen(on: bench.path, access: .unrestricted)
        var clients: [Int32] = []
        defer { for client in clients { _ = cl_close(client) } }
        for _ in 0...bench.server.clientLimit {
            clients.append(cl_unix_connect(bench.path))
            _ = bench.turn()
        }
        #expect(clients.allSatisfy { $0 >= 0 })
        var byte: UInt8 = 0
        #expect(cl_read(clients[clients.count - 1], &byte, 1) == 0)
        #expect(cl_read(clients[0], &byte, 1) == -11)
        #expect(bench.watched.count == 1 + bench.server.clientLimit)
    }

    @Test func `a client of another version is told ours and closed`() throws {
        let bench = Bench()
        try bench.server.listen(on: bench.path, access: .unrestricted)
        let stream = ControlStream(
            descriptor: cl_unix_connect(bench.path),
            longestFrame: 1 << 16
        )
        stream.append(ControlHello(version: 999), number: 0)
        #expect(stream.drain() == .going)
        #expect(
            bench.turn(answering: { _ in .action(.processed) }) {
                stream.fill()
                return stream.hasEnded
            }
        )
        let frame = try #require(stream.nextFrame().frame)
        #expect(try ControlHello(encoded: frame.bytes).version == ControlHello.currentVersion)
    }

    @Test func `a client that does not read is not read, and costs no more than a few answers`()
        throws
    {
        let bench = Bench()
        try bench.server.listen(on: bench.path, access: .unrestricted)
        let stream = ControlStream(
            descriptor: cl_unix_connect(bench.path),
            longestFrame: 1 << 24
        )
        stream.append(ControlHello(), number: 0)
        let asked = 100
        for number in 1...asked {
            stream.append(Question.overview(OverviewRequest()), number: UInt32(number))
        }
        #expect(stream.drain() == .going)
        // Each answer has 100 KB; all of them would be 10 MB.
        let answer = overview(100_000)
        var answered = 0
        for _ in 0..<100 {
            var questions = bench.turn()[...]
            while let next = questions.popFirst() {
                answered += 1
                questions += bench.server.reply(answer, to: next.address)
            }
        }
        #expect(answered < 50)
        #expect(bench.watched.values.contains { !$0.readable && $0.writable })
        // Once it reads, every answer comes, in order.
        var numbers: [UInt32] = []
        let isComplete = bench.turn(answering: { _ in answer }) {
            stream.fill()
            while let frame = stream.nextFrame().frame { numbers.append(frame.number) }
            return numbers.count == asked + 1
        }
        #expect(isComplete)
        #expect(numbers == Array(0...UInt32(asked)))
    }

    @Test func `a lost connection is reported after the answers before it`() throws {
        let bench = Bench()
        try bench.server.listen(on: bench.path, access: .unrestricted)
        let path = bench.path
        let client = Box<Bool>()
        let result = Box<[String]>()
        let thread = Thread {
            var seen: [String] = []
            do {
                var connection = try ControlClient(path: path)
                _ = try connection.send(.stop(StopRequest()))
                client.value = true
                while true {
                    seen += try connection.receive().map { "\($0.reply)" }
                    _ = cl_wait(connection.descriptor, 1, 10_000_000)
                }
            } catch {
                seen.append("\(error)")
            }
            result.value = seen
        }
        thread.start()
        var answered = false
        #expect(
            bench.turn(
                answering: { _ in
                    answered = true
                    return .action(.processed)
                },
                until: { answered }
            )
        )
        bench.server.close()
        #expect(bench.turn(answering: { _ in .action(.processed) }) { result.value != nil })
        #expect(
            result.value == [
                "\(Reply.action(.processed))", "\(ControlSocketFault.lost(path: path))",
            ]
        )
    }

    @Test func `no answer in time is a fault that names the time`() throws {
        let bench = Bench()
        try bench.server.listen(on: bench.path, access: .unrestricted)
        let path = bench.path
        #expect(
            throws: ControlSocketFault.timedOut(path: path, after: .milliseconds(50))
        ) {
            _ = try ControlClient(path: path, timeout: .milliseconds(50))
        }
    }
}
