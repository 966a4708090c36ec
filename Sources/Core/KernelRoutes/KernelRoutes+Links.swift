import Addressing

extension KernelRoutes {
    /// The interfaces in order of their index.
    package var interfaces: [Interface] { links }

    /// The addresses of this host in order.
    package var addresses: [InterfaceAddress] { localAddresses }

    /// The interface with that index.
    package func link(_ index: UInt32) -> Interface? {
        links.first { $0.index == index }
    }

    mutating func changeLink(_ link: Interface) {
        if isDumping { namedLinks.insert(link.index) }
        let before = self.link(link.index)
        guard before != link else { return }
        let place = links.firstIndex { $0.index >= link.index } ?? links.count
        if before != nil { links[place] = link } else { links.insert(link, at: place) }
        guard before?.isUp != link.isUp || before?.isUsable != link.isUsable else { return }
        tracker.everythingChanged()
        // IPv4 drops the routes of a link that goes down without a word.
        if let before, before.isUp, !link.isUp { requestAudit() }
        if link.isUsable { retryAll() }
    }

    mutating func deleteLink(_ index: UInt32) {
        guard link(index) != nil else { return }
        links.removeAll { $0.index == index }
        localAddresses.removeAll { $0.interface == index }
        tracker.everythingChanged()
        requestAudit()
    }

    mutating func changeAddress(_ address: InterfaceAddress) {
        if isDumping { namedAddresses.insert(address) }
        guard !localAddresses.contains(address) else { return }
        let place = localAddresses.firstIndex { Self.order($0) >= Self.order(address) }
        if let place, Self.order(localAddresses[place]) == Self.order(address) {
            localAddresses[place] = address
        } else {
            localAddresses.insert(address, at: place ?? localAddresses.count)
        }
        tracker.everythingChanged()
        retryAll()
    }

    mutating func deleteAddress(_ address: InterfaceAddress) {
        localAddresses.removeAll { Self.order($0) == Self.order(address) }
        tracker.everythingChanged()
        // Routes that prefer the address as source go without a word.
        requestAudit()
    }

    /// A reading is over: links and addresses that it did not name are gone.
    mutating func forgetUnnamedLinks() {
        for link in links where !namedLinks.contains(link.index) { deleteLink(link.index) }
        for address in localAddresses where !namedAddresses.contains(address) {
            deleteAddress(address)
        }
        namedLinks = []
        namedAddresses = []
    }

    private static func order(_ address: InterfaceAddress) -> (UInt32, IPAddress, UInt8) {
        (address.interface, address.address, address.prefixLength)
    }
}
