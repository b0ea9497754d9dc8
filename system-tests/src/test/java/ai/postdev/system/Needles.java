package ai.postdev.system;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Looks for many texts in bytes at once, letter case ignored, also where a zero byte stands between two characters. The
 * texts are told apart by their first six bytes, as of Rabin and Karp.
 */
final class Needles {
    private static final int HEAD = 6;

    private final Map<Long, List<byte[]>> byHead = new HashMap<>();
    private final Map<byte[], String> owners = new HashMap<>();
    private final BitSet heads = new BitSet(1 << 24);

    /** Looks for {@code text} from now on and tells of it as {@code owner}. */
    void add(String text, String owner) {
        byte[] folded = text.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
        if (folded.length < HEAD) {
            throw new IllegalArgumentException("too short to be told from chance: " + text);
        }
        long head = 0;
        for (int i = 0; i < HEAD; i++) {
            head = head << 8 | folded[i] & 0xFF;
        }
        heads.set((int) (head >>> 24));
        byHead.computeIfAbsent(head, _ -> new ArrayList<>()).add(folded);
        owners.put(folded, owner);
    }

    /** The owners of all texts that occur. */
    Set<String> in(byte[] bytes) {
        Set<String> found = new TreeSet<>();
        byte[] folded = new byte[bytes.length];
        int dense = 0;
        byte[] packed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            byte b = bytes[i];
            folded[i] = b >= 'A' && b <= 'Z' ? (byte) (b + 32) : b;
            if (b != 0) {
                packed[dense++] = folded[i];
            }
        }
        look(folded, folded.length, found);
        if (dense < folded.length) {
            look(packed, dense, found);
        }
        return found;
    }

    private void look(byte[] text, int length, Set<String> found) {
        long head = 0;
        for (int i = 0; i < length; i++) {
            head = (head << 8 | text[i] & 0xFF) & 0xFFFFFFFFFFFFL;
            if (i < HEAD - 1 || !heads.get((int) (head >>> 24))) {
                continue;
            }
            int from = i - HEAD + 1;
            for (byte[] needle : byHead.getOrDefault(head, List.of())) {
                if (isAt(text, length, from, needle)) {
                    found.add(owners.get(needle));
                }
            }
        }
    }

    private static boolean isAt(byte[] text, int length, int from, byte[] needle) {
        if (from + needle.length > length) {
            return false;
        }
        for (int i = HEAD; i < needle.length; i++) {
            if (text[from + i] != needle[i]) {
                return false;
            }
        }
        return true;
    }
}
