/// Mixes the bits of a key so that the low ones can pick a slot.
@inlinable
package func mixedHash(_ high: UInt64, _ low: UInt64 = 0) -> UInt64 {
    var value = (high ^ 0x9E37_79B9_7F4A_7C15) &* 0xBF58_476D_1CE4_E5B9
    value ^= value >> 32
    value = (value ^ low) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 29)
}
