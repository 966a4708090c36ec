/// The numbers of linux/netlink.h and linux/rtnetlink.h that are used here, under their own names.
enum NLMSG {
    static let error: UInt16 = 2
    static let done: UInt16 = 3
    static let overrun: UInt16 = 4
    static let headerSize = 16
}

enum NLMFlag {
    static let request: UInt16 = 0x1
    static let ack: UInt16 = 0x4
    static let dumpInterrupted: UInt16 = 0x10
    static let dump: UInt16 = 0x300
    static let replace: UInt16 = 0x100
    static let exclusive: UInt16 = 0x200
    static let create: UInt16 = 0x400
    static let capped: UInt16 = 0x100
    static let ackAttributes: UInt16 = 0x200
}

enum RTM {
    static let newLink: UInt16 = 16
    static let delLink: UInt16 = 17
    static let getLink: UInt16 = 18
    static let newAddress: UInt16 = 20
    static let delAddress: UInt16 = 21
    static let getAddress: UInt16 = 22
    static let newRoute: UInt16 = 24
    static let delRoute: UInt16 = 25
    static let getRoute: UInt16 = 26
    static let clonedFlag: UInt32 = 0x200
}

enum RTA {
    static let destination: UInt16 = 1
    static let outInterface: UInt16 = 4
    static let gateway: UInt16 = 5
    static let preferredSource: UInt16 = 7
    static let priority: UInt16 = 6
    static let multipath: UInt16 = 9
    static let table: UInt16 = 15
    static let via: UInt16 = 18
    static let nextHopObject: UInt16 = 30
}

enum RTNH {
    static let onLinkFlag: UInt8 = 4
    static let headerSize = 8
}

enum IFLA {
    static let name: UInt16 = 3
    static let mtu: UInt16 = 4
    static let operationalState: UInt16 = 16
    static let extendedMask: UInt16 = 29
    static let skipStatistics: UInt32 = 8
}

enum IFA {
    static let address: UInt16 = 1
    static let local: UInt16 = 2
}

/// The RTMGRP_ bits of what is followed: links, IPv4 and IPv6 addresses, IPv4 and IPv6 routes.
enum RTMGroup {
    static let followed: UInt32 = 0x1 | 0x10 | 0x100 | 0x40 | 0x400
}

/// Linux' numbers of the address families.
enum AF {
    static let inet: UInt8 = 2
    static let inet6: UInt8 = 10
}
