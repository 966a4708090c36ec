/// One field of a message taken apart for the screen.
package struct DecodedField: Hashable, Sendable {
    /// What the field is: `Hold time`.
    package var label: String
    /// Its value in words; what is wrong with it where it is malformed.
    package var value: String
    /// Its octets in the message, header included.
    package var range: Range<Int>
    /// True where the octets break the rules.
    package var isMalformed: Bool
    /// The fields that it consists of.
    package var children: [DecodedField]

    package init(
        label: String,
        value: String,
        range: Range<Int>,
        isMalformed: Bool = false,
        children: [DecodedField] = []
    ) {
        self.label = label
        self.value = value
        self.range = range
        self.isMalformed = isMalformed
        self.children = children
    }
}
