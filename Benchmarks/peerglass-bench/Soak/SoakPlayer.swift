import Addressing
import BGPWire
import CLinux
import Foundation

/// The process that plays all neighbors of a role: one loop, told what to do a line at a time.
///
/// `report` is answered by ``SoakFacts`` since the last one as a line of JSON; `churn N` has every neighbor change
/// N routes a second; `refresh` asks the daemon for everything again. It ends with `end` or its input.
final class SoakPlayer {
    private let sessions: [SoakSession]
    private let poll = cl_poll_create()
    /// What the poll set is asked for, by session.
    private var interests: [(descriptor: Int32, events: UInt32)]
    private var scratch = [UInt8](repeating: 0, count: 1 << 18)
    private var facts = SoakFacts()
    private var orders = LineReader()
    private var churn = 0
    private var nextChurn: Int64 = 0
    private var isOver = false

    /// Milliseconds between two looks at what is due.
    private static let tick: Int64 = 20

    init(_ role: SoakRole, tableCount: Int) {
        sessions = SoakNeighbor.all(role).map {
            SoakSession($0, routes: Self.routes(of: $0, tableCount: tableCount))
        }
        interests = sessions.map { _ in (-1, 0) }
    }

    private static func routes(of neighbor: SoakNeighbor, tableCount: Int) -> [UInt8] {
        var output: [UInt8] = []
        if neighbor.role == .table {
            var table = SentTable(seed: 1, sender: 0)
            output = table.updates(
                tableCount,
                from: neighbor.autonomousSystem,
                nextHop: neighbor.address
            )
        } else if neighbor.role.routeCount > 0 {
            let all = 0..<neighbor.role.routeCount
            SoakRoutes.announce(all, of: neighbor, round: 0, to: &output)
        }
        UpdateBuilder.appendEndOfRIB(.ipv4, to: &output)
        return output
    }

    /// Plays until the input ends.
    func run() -> Int32 {
        signal(SIGPIPE, SIG_IGN)
        _ = cl_poll_add(poll, 0, 1, 0)
        var events = [cl_poll_event](repeating: cl_poll_event(), count: 256)
        var due: Int64 = 0
        while !isOver {
            let wait = max(0, due - SoakSocket.now)
            let count = cl_poll_wait(poll, &events, 256, wait * 1_000_000)
            let start = SoakSocket.now
            if due > 0 { facts.ownGap = max(facts.ownGap, start - due) }
            for event in events.prefix(Int(max(count, 0))) { take(event, SoakSocket.now) }
            guard start >= due else { continue }
            due = start + Self.tick
            let changes = churn > 0 && nextChurn <= start
            if changes { nextChurn = start + 1000 }
            for (index, session) in sessions.enumerated() {
                session.tick(start, &facts)
                if changes { session.churn(churn) }
                session.flush(start, &facts)
                follow(index)
            }
        }
        return 0
    }

    private func take(_ event: cl_poll_event, _ now: Int64) {
        guard event.tag > 0 else { return obey(now) }
        let index = Int(event.tag) - 1
        let session = sessions[index]
        guard session.descriptor >= 0 else { return }
        if event.events & 6 != 0 { session.writable(now, &facts) }
        if event.events & 5 != 0, session.descriptor >= 0, session.wantsToRead {
            session.readable(now, &scratch, &facts)
        }
        follow(index)
    }

    /// Tells the poll set what the session wants.
    private func follow(_ index: Int) {
        let session = sessions[index]
        let events: UInt32 = (session.wantsToRead ? 1 : 0) | (session.wantsToWrite ? 2 : 0)
        let known = interests[index]
        guard known != (session.descriptor, events) else { return }
        interests[index] = (session.descriptor, events)
        guard session.descriptor >= 0 else { return }
        let tag = UInt64(index + 1)
        if cl_poll_change(poll, session.descriptor, events, tag) < 0 {
            _ = cl_poll_add(poll, session.descriptor, events, tag)
        }
    }

    private func obey(_ now: Int64) {
        guard let lines = orders.read() else {
            isOver = true
            return
        }
        for line in lines {
            let words = line.split(separator: " ")
            switch words.first {
            case "report": report(now)
            case "churn":
                churn = words.count > 1 ? Int(words[1]) ?? 0 : 0
                // What was withdrawn last comes back.
                if churn == 0 { for session in sessions { session.endChurn() } }
            case "end": isOver = true
            case "refresh": for session in sessions { session.askForRefresh() }
            default: break
            }
        }
    }

    private func report(_ now: Int64) {
        facts.established = sessions.count { $0.state == .established }
        for session in sessions { session.noteSilence(now, &facts) }
        SoakLine.write(facts)
        facts = SoakFacts()
    }
}

/// Lines that come on standard input, as far as they have come.
struct LineReader {
    private var rest: [UInt8] = []

    /// What has come since; nil at the end.
    mutating func read() -> [String]? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(0, &buffer, buffer.count)
        guard count > 0 else { return nil }
        rest += buffer[..<count]
        guard let end = rest.lastIndex(of: 10) else { return [] }
        let lines = rest[..<end].split(separator: 10).map { String(decoding: $0, as: UTF8.self) }
        rest.removeFirst(end + 1)
        return lines
    }
}

/// Values as lines of JSON.
enum SoakLine {
    static func write(_ value: some Encodable) {
        guard let data = try? JSONEncoder().encode(value) else { return }
        FileHandle.standardOutput.write(data + [10])
    }

    static func read<Value: Decodable>(_ line: String, as type: Value.Type) -> Value? {
        try? JSONDecoder().decode(type, from: Data(line.utf8))
    }
}
