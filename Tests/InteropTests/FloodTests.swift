import CLinux
import Foundation
import Interop
import Testing

/// Our program under who means it ill, or minds nothing.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct FloodTests {
    @Test func `a neighbor that checks TTLs gets an answer to its SYN with 255`() async throws {
        let alone = try Alone(neighbor: "ttl-security yes")
        try await alone.us.start()
        let visitor = try Visitor(from: 2, to: alone.port, checksTTL: true)
        try await waitUntil("our OPEN comes", telling: { alone.us.story }) {
            visitor.firstMessageType() == 1
        }
    }

    @Test func `who checks TTLs hears nobody whose packets came with less than 255`() async throws {
        let alone = try Alone(neighbor: "ttl-security yes")
        try await alone.us.start()
        // As from somewhere behind a router, and as on the same link.
        let far = try Visitor(from: 2, to: alone.port)
        let near = try Visitor(from: 3, to: alone.port, checksTTL: true)
        try await waitUntil("our OPEN comes", telling: { alone.us.story }) {
            near.firstMessageType() == 1
        }
        far.open(from: 2, holdTime: 90)
        near.open(from: 3, holdTime: 90)
        try await waitUntil("the one that is near is up", telling: { alone.us.story }) {
            try alone.count("127.0.0.3: session up") == 1
        }
        try await Task.sleep(for: .seconds(1))
        #expect(try alone.count("127.0.0.2: session up") == 0)
    }

    @Test func `a neighbor's address that connects in a loop costs little, and the other comes up`()
        async throws
    {
        let alone = try Alone()
        try await alone.us.start()
        let before = (count: try alone.descriptors().count, memory: try alone.highestMemory())
        let visitors = try (0..<300).map { _ in try Visitor(from: 2, to: alone.port) }
        let other = try Visitor(from: 3, to: alone.port)
        try await waitUntil("the other neighbor gets our OPEN", telling: { alone.us.story }) {
            other.firstMessageType() == 1
        }
        // The two sessions, four that may stay to read why, and a client of the control socket.
        #expect(try alone.descriptors().count <= before.count + 8)
        #expect(try alone.highestMemory() < before.memory + 16_384)
        try await waitUntil("the first is told why, or is gone", telling: { alone.us.story }) {
            visitors.count { $0.firstMessageType() == 3 } > 0
        }
        #expect(visitors.count { $0.firstMessageType() == 1 } == 1)
        #expect(try alone.count("connection attempt while") <= 2)
    }

    @Test func `neighbors that begin an OPEN and never finish it cost little memory`() async throws
    {
        let alone = try Alone(count: 240)
        try await alone.us.start()
        let memory = try alone.highestMemory()
        let visitors = try (0..<240).map { try Visitor(from: 2 + $0, to: alone.port) }
        try await waitUntil("all get our OPEN", telling: { alone.us.story }) {
            visitors.allSatisfy { $0.firstMessageType() == 1 }
        }
        for visitor in visitors { visitor.send([UInt8](repeating: 0xFF, count: 16) + [0, 45]) }
        // Who comes last is read last.
        try await waitUntil("it has read what they sent", telling: { alone.us.story }) {
            _ = try alone.us.ask("show", "summary")
            return true
        }
        #expect(try alone.highestMemory() < memory + 16_384)
    }

    @Test func `a neighbor that takes its leave at once and comes again costs little`() async throws
    {
        let alone = try Alone()
        try await alone.us.start()
        let before = try alone.descriptors().count
        // A NOTIFICATION: Cease, Administrative Reset. Its connection stays open on its side.
        let leave = [UInt8](repeating: 0xFF, count: 16) + [0, 21, 3, 6, 4]
        var visitors: [Visitor] = []
        for _ in 0..<100 {
            let visitor = try Visitor(from: 2, to: alone.port)
            // Our OPEN; where its connection before that has not been read yet, that this one is refused.
            try await waitUntil("it is answered", telling: { alone.us.story }) {
                visitor.firstMessageType() != nil
            }
            visitor.send(leave)
            visitors.append(visitor)
        }
        #expect(visitors.count { $0.firstMessageType() == 1 } > 20)
        // Four of its connections that may stay a little, its session, and a client of the control socket.
        #expect(try alone.descriptors().count <= before + 7)
    }

    @Test
    func `a program that was stopped for two hold times loses no neighbor that went on sending`()
        async throws
    {
        // More than it hears of at a time.
        let count = 300
        let alone = try Alone(count: count)
        try await alone.us.start()
        let visitors = try (0..<count).map { try Visitor(from: 2 + $0, to: alone.port) }
        try await waitUntil("all get our OPEN", telling: { alone.us.story }) {
            visitors.allSatisfy { $0.firstMessageType() == 1 }
        }
        for place in 0..<count { visitors[place].open(from: 2 + place, holdTime: 6) }
        func goOn(_ seconds: Int) async throws {
            for _ in 0..<seconds {
                for visitor in visitors { visitor.keepalive() }
                try await Task.sleep(for: .seconds(1))
            }
        }
        var patience = 20
        while try alone.count("session up") < count, patience > 0 {
            try await goOn(1)
            patience -= 1
        }
        #expect(try alone.count("session up") == count)
        let process = try alone.process()
        kill(process, SIGSTOP)
        try await goOn(13)
        kill(process, SIGCONT)
        try await goOn(3)
        #expect(try alone.count("session down") == 0, "\(alone.us.story.suffix(2000))")
    }

    @Test func `strangers leave a few lines in the log, however often they come`() async throws {
        let alone = try Alone()
        try await alone.us.start()
        for _ in 0..<300 { _ = try Visitor(from: 9, to: alone.port) }
        let neighbor = try Visitor(from: 2, to: alone.port)
        try await waitUntil("who came after them is answered", telling: { alone.us.story }) {
            neighbor.firstMessageType() == 1
        }
        try await waitUntil(
            "they are counted",
            within: .seconds(30),
            telling: { alone.us.story }
        ) {
            try alone.count("connection from non-peer 127.0.0.9 refused, and") == 1
        }
        #expect(try alone.count("non-peer") <= 3)
    }

    @Test func `it ends on SIGTERM though nobody reads its standard error`() async throws {
        let alone = try Alone()
        let pipe = Pipe()
        Self.fill(pipe.fileHandleForWriting.fileDescriptor)
        try await alone.us.start(errors: pipe.fileHandleForWriting)
        #expect(alone.us.end() == 0)
    }

    private static func fill(_ descriptor: Int32) {
        let flags = fcntl(descriptor, F_GETFL)
        _ = fcntl(descriptor, F_SETFL, flags | O_NONBLOCK)
        let bytes = [UInt8](repeating: 0x2E, count: 4096)
        while write(descriptor, bytes, bytes.count) > 0 {}
        while write(descriptor, bytes, 1) > 0 {}
        _ = fcntl(descriptor, F_SETFL, flags)
    }

    /// Many systems give a program 1,024 at first, which a thousand neighbors use up.
    @Test(.enabled(if: Command.exists("prlimit"), "prlimit is not installed"))
    func `it takes all descriptors that it may have`() async throws {
        let alone = try Alone()
        try await alone.us.start(by: ["prlimit", "--nofile=64:"])
        let limits = try String(
            contentsOfFile: "/proc/\(try alone.process())/limits",
            encoding: .utf8
        )
        let line = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max open f") })
        let (soft, hard) = (line.split(separator: " ")[3], line.split(separator: " ")[4])
        #expect(soft == hard)
        #expect(soft != "64")
    }

    @Test(.enabled(if: Command.exists("prlimit"), "prlimit is not installed"))
    func `out of descriptors it waits for some instead of spinning`() async throws {
        let alone = try Alone()
        try await alone.us.start()
        let process = "\(try alone.process())"
        let open = Set(try alone.descriptors())
        let lowestFree = (0...open.count).first { !open.contains($0) } ?? open.count
        try Command.expect(["prlimit", "--pid", process, "--nofile=\(lowestFree):"])
        let clients = (0..<20).map { _ in cl_unix_connect(alone.us.socketPath) }
        defer { for client in clients { _ = cl_close(client) } }
        let words = "cannot accept control clients"
        try await waitUntil("it is out of descriptors", telling: { alone.us.story }) {
            try alone.count(words) >= 1
        }
        let before = try alone.ticks()
        try await waitUntil("it has tried again twice") { try alone.count(words) >= 3 }
        #expect(try alone.ticks() - before < 50)
        try Command.expect(["prlimit", "--pid", process, "--nofile=1024:"])
        try await waitUntil("clients are served again", telling: { alone.us.story }) {
            _ = try alone.us.ask("show", "summary")
            return true
        }
    }
}
