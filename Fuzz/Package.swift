// swift-tools-version:6.2
import PackageDescription

// The rooms as they are, with the fuzzer's marks compiled in. What is declared `package` is seen within one
// package only, so this one names the same folders again: through links, since SwiftPM takes no folder outside.

let house: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

func core(_ name: String, _ imports: [String]) -> Target {
    .target(
        name: name,
        dependencies: imports.map { .byName(name: $0) },
        path: "Rooms/Core/\(name)",
        swiftSettings: house + [.strictMemorySafety()]
    )
}

/// With testing enabled: what takes a stream of a socket apart is of no use to another room.
func edge(_ name: String, _ imports: [String]) -> Target {
    .target(
        name: name,
        dependencies: imports.map { .byName(name: $0) },
        path: "Rooms/Edge/\(name)",
        swiftSettings: house + [.unsafeFlags(["-enable-testing"])]
    )
}

/// A fuzz target is a program without a main of its own: libFuzzer brings one.
func fuzz(_ name: String, _ imports: [String]) -> Target {
    .executableTarget(
        name: name,
        dependencies: imports.map { .byName(name: $0) },
        swiftSettings: house + [.unsafeFlags(["-parse-as-library"])]
    )
}

let package = Package(
    name: "peerglass-fuzz",
    targets: [
        core("Timekeeping", []),
        core("Tables", ["CPrefetch"]),
        core("Addressing", ["Tables"]),
        core("BGPWire", ["Addressing"]),
        core("Attributes", ["BGPWire", "Addressing", "Tables"]),
        core("RPKI", ["Addressing", "Tables"]),
        core("BGPSession", ["BGPWire", "Addressing", "Tables", "Timekeeping"]),
        core("Policy", ["Attributes", "RPKI", "BGPWire", "Addressing", "Tables"]),
        core("Routing", ["Attributes", "BGPWire", "Addressing", "Tables", "Timekeeping"]),
        core("KernelRoutes", ["Addressing", "Tables", "Timekeeping"]),
        core("Configuration", ["Policy", "RPKI", "BGPWire", "Addressing"]),
        core("Control", ["BGPWire", "Addressing", "Timekeeping"]),
        core(
            "Speaker",
            [
                "Timekeeping", "Tables", "Addressing", "BGPWire", "Attributes", "RPKI",
                "BGPSession", "Policy", "Routing", "KernelRoutes", "Configuration", "Control",
            ]
        ),
        edge("Recording", ["BGPWire", "Addressing"]),
        edge("Netlink", ["KernelRoutes", "Addressing", "Timekeeping", "CLinux"]),
        edge("ControlSocket", ["Control", "CLinux"]),
        .target(name: "CLinux", path: "Rooms/Shims/CLinux"),
        .systemLibrary(name: "CPrefetch", path: "Rooms/Shims/CPrefetch"),
        .target(name: "FuzzInput", swiftSettings: house),
        fuzz("FuzzMessages", ["FuzzInput", "Attributes", "BGPWire", "Addressing"]),
        fuzz(
            "FuzzSession",
            [
                "FuzzInput", "Speaker", "Control", "Configuration", "KernelRoutes", "BGPSession",
                "BGPWire", "Addressing", "Timekeeping",
            ]
        ),
        fuzz(
            "FuzzConfiguration",
            ["FuzzInput", "Speaker", "Configuration", "Control", "Addressing", "Timekeeping"]
        ),
        fuzz("FuzzRecording", ["FuzzInput", "Recording", "BGPWire"]),
        fuzz("FuzzNetlink", ["FuzzInput", "Netlink", "KernelRoutes", "Addressing", "Timekeeping"]),
        fuzz(
            "FuzzControl",
            [
                "FuzzInput", "Speaker", "ControlSocket", "Configuration", "Control", "Addressing",
                "Timekeeping", "CLinux",
            ]
        ),
    ],
    swiftLanguageModes: [.v6]
)
