import Addressing
import BGPWire
import Control
import Speaker
import Testing
import Timekeeping

struct MessageLogTests {
    /// A message of that type with a body of that many octets.
    private func message(_ type: UInt8, body: Int = 0) -> [UInt8] {
        let length = 19 + body
        return [UInt8](repeating: 0xFF, count: 16)
            + [UInt8(length >> 8), UInt8(length & 0xFF), type]
            + [UInt8](repeating: 0, count: body)
    }

    private func append(
        _ type: UInt8,
        body: Int = 0,
        of neighbor: UInt32 = 1,
        _ direction: MessageRow.Direction = .received,
        to log: inout MessageLog
    ) {
        log.append(
            message(type, body: body).span,
            neighbor: NeighborNumber(neighbor),
            direction: direction,
            fourOctetAS: .fourOctets,
            time: WallTime(nanoseconds: 0)
        )
    }

    private func sequences(_ log: borrowing MessageLog, _ filter: MessagesRequest.Filter)
        -> [UInt64]
    {
        log.page(MessagesRequest(position: .newest, limit: 100, filter: filter)).rows
            .map(\.sequence)
    }

    @Test func `a page has the lines of the wanted kind, neighbor and direction alone`() {
        var log = MessageLog(lines: 64, bytes: 4096)
        append(1, of: 1, .sent, to: &log)
        append(1, of: 1, to: &log)
        append(4, of: 1, to: &log)
        log.append(
            .connected(address: .unspecified(.ipv4), port: 179),
            neighbor: NeighborNumber(2),
            direction: .sent,
            time: WallTime(nanoseconds: 0)
        )
        append(2, body: 4, of: 2, to: &log)
        append(3, body: 2, of: 1, .sent, to: &log)

        var filter = MessagesRequest.Filter()
        #expect(sequences(log, filter) == [1, 2, 3, 4, 5, 6])
        filter.kinds = [.open, .notification]
        #expect(sequences(log, filter) == [1, 2, 6])
        filter.direction = .sent
        #expect(sequences(log, filter) == [1, 6])
        filter = MessagesRequest.Filter()
        filter.neighbor = NeighborNumber(2)
        #expect(sequences(log, filter) == [4, 5])
        filter.kinds = .connection
        #expect(sequences(log, filter) == [4])
        filter.kinds = .keepalive
        #expect(sequences(log, filter) == [])
    }

    @Test(arguments: [(8, 1 << 16), (64, 200), (64, 1999), (3, 64)])
    func `a full log gives up its oldest lines and keeps the newest whole`(lines: Int, bytes: Int) {
        var log = MessageLog(lines: lines, bytes: bytes)
        for number in 0..<500 {
            let body = number * 7 % 30
            if number % 5 == 0 {
                log.append(
                    .connected(address: .unspecified(.ipv4), port: UInt16(number)),
                    neighbor: NeighborNumber(1),
                    direction: .sent,
                    time: WallTime(nanoseconds: Int64(number))
                )
            } else {
                append(2, body: body, to: &log)
            }
            guard log.newest >= log.oldest, let last = log.row(log.newest) else { continue }
            if number % 5 != 0, case .message(let kept, _, _) = last.content {
                // A message longer than a quarter of the log is not kept.
                if 19 + body <= bytes / 4 { #expect(kept == message(2, body: body)) }
            }
        }
        #expect(log.newest > 50)
        #expect(log.newest - log.oldest < UInt64(lines))
        let page = log.page(MessagesRequest(position: .from(0), limit: 4096))
        #expect(page.rows.map(\.sequence) == Array(log.oldest...log.newest))
    }
}
