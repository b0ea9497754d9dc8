package ai.postdev.dragon.lake.code.pattern;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A sequence of bytes, some of them known only up to the case of an ASCII letter.
 *
 * @param values the bytes, letters of either case as lower case with the mask's bit cleared
 * @param masks for each byte the bits that count: {@link #EXACT} or {@link #ANY_CASE}
 */
record ByteLiteral(byte[] values, byte[] masks) {
    static final byte EXACT = (byte) 0xFF;
    static final byte ANY_CASE = (byte) 0xDF;
    static final ByteLiteral EMPTY = new ByteLiteral(new byte[0], new byte[0]);

    /**
     * How rare each byte is in source code: {@code 'A'} plus the negative binary logarithm of its share, measured over
     * Java, Go, Python, JavaScript, TypeScript, Rust and Markdown sources, every tree with the same weight.
     */
    private static final String RARITY = "OZZZZZZZZIFZZZRZZZZZZZZZZZZZZZZZCKHJLLLIGGHKHIGHIIJJKKKKKKHIJHJM"
            + "JIKIJIILKJLMJKJJJNJIIJKLNLNJJJPIIFHGGEGHGFKIFGFFGJFFEGIIIHKILINZ"
            + "KJJKLMMMLMMLLMNLMNNNLMLMMMMNLMNMMMNNMMNMLMMNNNMMKLLMLKMMKMLLKKKL"
            + "ZZOKMOZZZZWUZZZZHIZZZZZZZZZZZZZZZNJLKLLLMMLKMZMOZZZZZZZZZZZZZZZ";

    static ByteLiteral of(String text) {
        byte[] values = text.getBytes(StandardCharsets.UTF_8);
        byte[] masks = new byte[values.length];
        Arrays.fill(masks, EXACT);
        return new ByteLiteral(values, masks);
    }

    /** An ASCII letter of either case. */
    static ByteLiteral letter(int letter) {
        return new ByteLiteral(new byte[] {(byte) (letter & ANY_CASE)}, new byte[] {ANY_CASE});
    }

    int length() {
        return values.length;
    }

    ByteLiteral then(ByteLiteral next) {
        byte[] joined = Arrays.copyOf(values, length() + next.length());
        byte[] joinedMasks = Arrays.copyOf(masks, length() + next.length());
        System.arraycopy(next.values, 0, joined, length(), next.length());
        System.arraycopy(next.masks, 0, joinedMasks, length(), next.length());
        return new ByteLiteral(joined, joinedMasks);
    }

    ByteLiteral cut(int from, int to) {
        return new ByteLiteral(Arrays.copyOfRange(values, from, to), Arrays.copyOfRange(masks, from, to));
    }

    /** Whether the bytes stand in {@code text} at {@code at}; the caller knows that they fit. */
    boolean isAt(byte[] text, int at) {
        for (int i = 0; i < values.length; i++) {
            if ((text[at + i] & masks[i]) != values[i]) {
                return false;
            }
        }
        return true;
    }

    /** How rare the byte at {@code index} is, as the negative binary logarithm of its share. */
    int rarity(int index) {
        int rarity = RARITY.charAt(values[index] & 0xFF) - 'A';
        return masks[index] == EXACT ? rarity : Math.min(rarity, RARITY.charAt(values[index] | 0x20) - 'A');
    }

    /**
     * How rare the literal is: the rarities of its rarest bytes added up, as bytes that follow each other are far from
     * independent.
     */
    int rarity() {
        int[] rarities = new int[length()];
        for (int i = 0; i < length(); i++) {
            rarities[i] = rarity(i);
        }
        Arrays.sort(rarities);
        int sum = 0;
        for (int i = Math.max(0, rarities.length - 4); i < rarities.length; i++) {
            sum += rarities[i];
        }
        return sum;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ByteLiteral(byte[] otherValues, byte[] otherMasks)
                && Arrays.equals(values, otherValues)
                && Arrays.equals(masks, otherMasks);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return new String(values, StandardCharsets.UTF_8);
    }
}
