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
        if link.isUp { downLinks.remove(link.index) } else { downLinks.insert(link.index) }
        if let before { follow(link, before: before) }
        if link.isUsable { retryAll() }
    }

    private mutating func follow(_ link: Interface, before: Interface) {
        if before.isUp, !link.isUp {
            let lost = loseRoutes(over: link.index)
            requestAudit()
            if lost > 0 { missedLinks.insert(link.index) }
            tell(.linkDown(link.name, routes: lost))
        } else if before.isUsable, !link.isUsable {
            let isConcern = sets.leadingOver(link.index).own
            if isConcern { missedLinks.insert(link.index) }
            tell(.carrierLost(link.name, isConcern: isConcern))
        } else if link.isUsable, !before.isUsable {
            tell(.linkUp(link.name, isConcern: missedLinks.remove(link.index) != nil))
        }
    }

    /// What the first reading brings is no news.
    private mutating func tell(_ news: KernelReport) {
        if counts.dumps > 0 { report(news) }
    }

    mutating func deleteLink(_ index: UInt32) {
        guard let link = link(index) else { return }
        links.removeAll { $0.index == index }
        localAddresses.removeAll { $0.interface == index }
        downLinks.insert(index)
        missedLinks.remove(index)
        tracker.everythingChanged()
        requestAudit()
        tell(.linkGone(link.name, routes: loseRoutes(over: index)))
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
        let count = localAddresses.count
        localAddresses.removeAll { Self.order($0) == Self.order(address) }
        tracker.everythingChanged()
        // Routes that prefer the address as source go without a word.
        requestAudit()
        // With a link that is down its addresses go by themselves.
        guard localAddresses.count < count, let link = link(address.interface), link.isUp else {
            return
        }
        var lost = 0
        if address.address.family == .ipv4, !hasIPv4Address(address.interface) {
            lost = loseRoutes(over: address.interface, onlyIPv4: true)
        }
        tell(.addressGone(address.address, link: link.name, routes: lost))
    }

    private func hasIPv4Address(_ interface: UInt32) -> Bool {
        localAddresses.contains { $0.interface == interface && $0.address.family == .ipv4 }
    }

    /// A reading is over: links and addresses that it did not name are gone.
    mutating func forgetUnnamedLinks() {
        for link in links where !namedLinks.contains(link.index) { deleteLink(link.index) }
        for address in localAddresses where !namedAddresses.contains(address) {
            deleteAddress(address)
        }
        namedLinks = []
        namedAddresses = []
        downLinks = Set(links.lazy.filter { !$0.isUp }.map(\.index))
    }

    private static func order(_ address: InterfaceAddress) -> (UInt32, IPAddress, UInt8) {
        (address.interface, address.address, address.prefixLength)
    }
}
