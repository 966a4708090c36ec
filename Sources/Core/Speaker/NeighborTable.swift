import Addressing
import Configuration
import Control
import Policy

/// The neighbors by number and by address, and the templates that make more of them.
///
/// A number is a neighbor's for as long as it is there. A clone that comes back after it was forgotten gets its
/// old number again, so that what is remembered under it stays true; another one takes that number only when
/// ``numberLimit`` numbers are used up, the longest forgotten first.
struct NeighborTable {
    /// The numbers that clones and neighbors may have together; the routing tables know 65,534.
    static let numberLimit = 32_768

    /// All that are there, templates included, in the order of their numbers.
    private(set) var all: [Neighbor] = []
    private var byNumber: [Neighbor?] = []
    private var byAddress: [IPAddress: [Neighbor]] = [:]
    /// The templates, the longest prefix first.
    private(set) var templates: [Neighbor] = []
    /// How many of ``all`` were made by templates.
    private(set) var cloneCount = 0
    private var forgotten: [NeighborIdentity: NeighborNumber] = [:]
    /// Who was forgotten when, the longest ago first; one that has come back since is not in ``forgotten``.
    private var forgottenOrder: [(identity: NeighborIdentity, number: NeighborNumber)] = []

    /// The neighbor with that number.
    subscript(number: NeighborNumber) -> Neighbor? {
        let index = Int(number.value)
        return index < byNumber.count ? byNumber[index] : nil
    }

    /// The neighbors with that address: more than one where a link-local address is on several links.
    subscript(address: IPAddress) -> [Neighbor] { byAddress[address] ?? [] }

    /// The number for a neighbor that is not there yet; nil where all are taken.
    mutating func newNumber(for identity: NeighborIdentity) -> NeighborNumber? {
        if let number = forgotten.removeValue(forKey: identity) { return number }
        if byNumber.count < Self.numberLimit {
            byNumber.append(nil)
            return NeighborNumber(UInt32(byNumber.count - 1))
        }
        while let oldest = forgottenOrder.first {
            forgottenOrder.removeFirst()
            guard forgotten[oldest.identity] == oldest.number else { continue }
            return forgotten.removeValue(forKey: oldest.identity)
        }
        return nil
    }

    /// Adds a neighbor under its number, which ``newNumber(for:)`` gave.
    mutating func add(_ neighbor: Neighbor) {
        byNumber[Int(neighbor.number.value)] = neighbor
        if neighbor.template != nil { cloneCount += 1 }
        let place = all.firstIndex { $0.number > neighbor.number } ?? all.count
        all.insert(neighbor, at: place)
        guard let length = neighbor.configuration.templateLength else {
            byAddress[neighbor.configuration.address, default: []].append(neighbor)
            return
        }
        let rank = templates.firstIndex { ($0.configuration.templateLength ?? 0) < length }
        templates.insert(neighbor, at: rank ?? templates.count)
    }

    /// Forgets a neighbor; its number waits for it.
    mutating func remove(_ neighbor: Neighbor) {
        byNumber[Int(neighbor.number.value)] = nil
        all.removeAll { $0 === neighbor }
        if neighbor.template != nil { cloneCount -= 1 }
        templates.removeAll { $0 === neighbor }
        let address = neighbor.configuration.address
        byAddress[address]?.removeAll { $0 === neighbor }
        if byAddress[address]?.isEmpty == true { byAddress[address] = nil }
        forget(neighbor)
    }

    private mutating func forget(_ neighbor: Neighbor) {
        let identity = neighbor.configuration.identity
        forgotten[identity] = neighbor.number
        if forgottenOrder.count >= 2 * Self.numberLimit {
            forgottenOrder.removeAll { forgotten[$0.identity] != $0.number }
        }
        forgottenOrder.append((identity, neighbor.number))
    }

    /// The template for a connection from that address: the longest that contains it.
    func template(for address: IPAddress, _ interface: LinkName?) -> Neighbor? {
        templates.first { template in
            template.configuration.prefix?.contains(address) == true
                && template.configuration.isOn(interface)
        }
    }
}
