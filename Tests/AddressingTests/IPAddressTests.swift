import Addressing
import Testing

struct IPAddressTests {
    @Test(arguments: [
        ("0.0.0.0", "0.0.0.0"), ("192.0.2.1", "192.0.2.1"), ("255.255.255.255", "255.255.255.255"),
        ("::", "::"), ("::1", "::1"), ("2001:db8::", "2001:db8::"),
        ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
        ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("::ffff:192.0.2.1", "::ffff:192.0.2.1"),
        ("fe80::1", "fe80::1"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("1::8", "1::8"),
    ])
    func `an address prints in its canonical form`(text: String, canonical: String) {
        #expect(IPAddress(text: text)?.description == canonical)
    }

    @Test(arguments: [
        "", "1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "1.2.3.", ":", ":::", "1::2::3",
        "12345::", "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:", "::1.2.3", "g::", "1.2.3.4::",
    ])
    func `text that is no address is refused`(text: String) {
        #expect(IPAddress(text: text) == nil)
    }

    @Test func `IPv4 sorts before IPv6, then by number`() throws {
        let texts = ["9.0.0.0", "10.0.0.0", "::", "1::", "a::"]
        let addresses = try texts.map { try #require(IPAddress(text: $0)) }
        #expect(addresses.reversed().sorted() == addresses)
    }

    @Test(arguments: ["192.0.2.1", "2001:db8::abcd:1"])
    func `network order bytes give the address back`(text: String) throws {
        let address = try #require(IPAddress(text: text))
        #expect(IPAddress(bytes: address.bytes) == address)
    }
}

struct IPPrefixTests {
    @Test func `host bits are dropped`() {
        #expect(IPPrefix(text: "10.1.2.3/8")?.description == "10.0.0.0/8")
        #expect(IPPrefix(text: "2001:db8::1/64")?.description == "2001:db8::/64")
        #expect(IPPrefix(text: "2001:db8::ffff/127")?.description == "2001:db8::fffe/127")
    }

    @Test func `a prefix covers itself and what lies in it`() throws {
        let outer = try #require(IPPrefix(text: "2001:db8::/32"))
        let inner = try #require(IPPrefix(text: "2001:db8:1::/48"))
        #expect(outer.covers(inner) && outer.covers(outer) && !inner.covers(outer))
        #expect(outer.contains(inner.address))
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.255.255"), ("0.0.0.0/0", "255.255.255.255"),
        ("192.0.2.1/32", "192.0.2.1"), ("2001:db8::/32", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("2001:db8::/64", "2001:db8::ffff:ffff:ffff:ffff"), ("2001:db8::8/125", "2001:db8::f"),
        ("::/0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), ("2001:db8::1/128", "2001:db8::1"),
    ])
    func `the last address of a prefix has all host bits set`(text: String, last: String) {
        #expect(IPPrefix(text: text)?.lastAddress == IPAddress(text: last))
    }

    @Test(arguments: [
        "0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "10.0.0.0/8", "223.255.255.0/24", "::/0", "::/96",
        "2000::/3", "fe00::/9", "fc00::/7",
    ])
    func `prefixes that hosts have can be routed`(text: String) {
        #expect(IPPrefix(text: text)?.canBeRouted == true)
    }

    @Test(arguments: [
        "0.0.0.0/8", "0.1.0.0/16", "127.0.0.0/8", "127.0.0.1/32", "224.0.0.0/4", "224.1.0.0/16",
        "240.0.0.0/4", "255.255.255.255/32", "::1/128", "::/128", "fe80::/10", "fe80::/64",
        "ff00::/8",
        "ff02::1/128",
    ])
    func `prefixes that no host can have cannot be routed`(text: String) {
        #expect(IPPrefix(text: text)?.canBeRouted == false)
    }

    @Test(arguments: [
        "10.0.0.0", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/", "/8", "10.0.0.0/8/9",
    ])
    func `text that is no prefix is refused`(text: String) {
        #expect(IPPrefix(text: text) == nil)
    }
}
