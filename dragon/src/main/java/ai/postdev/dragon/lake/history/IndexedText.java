package ai.postdev.dragon.lake.history;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What the indexes of a history keep of an event's text, as {@link Fingerprint} sees it.
 *
 * @param value of the whole text
 * @param otherLines of single lines that look like errors and do not say what the whole does, in order: so that a snapshot
 *     has the same bytes for the same events, in whatever order a set gives them
 * @param words hashes of its tokens, in no order; some may be there twice
 */
record IndexedText(long value, long[] otherLines, int[] words) {
    /** What is kept of any text. */
    static IndexedText of(String text) {
        Fingerprint.Seen seen = Fingerprint.seen(text);
        return new IndexedText(
                seen.value(),
                seen.lines().stream()
                        .mapToLong(Long::longValue)
                        .filter(line -> line != seen.value())
                        .sorted()
                        .toArray(),
                seen.tokens().stream().mapToInt(String::hashCode).toArray());
    }

    /**
     * Looks at many texts, one after another, on one thread. Most are short and plain: letters, digits and marks of ASCII, in
     * few lines. Of these the same is told several times faster, in one pass over their bytes.
     */
    static final class Looking {
        private final PlainLine line = new PlainLine();
        private final PlainTokens tokens = new PlainTokens();
        private final long[] alarms = new long[Fingerprint.ERROR_LINES_MAX];
        private int alarmCount;
        private int lineCount;
        private boolean plain;

        /** What is kept of a text. */
        IndexedText look(String text) {
            byte[] bytes = text.length() > Fingerprint.TEXT_MAX ? null : text.getBytes(StandardCharsets.UTF_8);
            if (bytes == null || !isPlain(text, bytes) || !tokens.take(bytes, bytes.length)) {
                return of(text);
            }
            long value = value(text, bytes);
            return plain ? new IndexedText(value, otherLines(value), tokens.hashes()) : of(text);
        }

        /** Whether each byte is a plain character: half a pair of surrogates becomes one question mark. */
        private static boolean isPlain(String text, byte[] bytes) {
            if (bytes.length != text.length()) {
                return false;
            }
            for (int i = 0; i < bytes.length; i++) {
                if (!Ascii.is(bytes[i], Ascii.PLAIN) || bytes[i] == '?' && text.charAt(i) != '?') {
                    return false;
                }
            }
            return true;
        }

        private long value(String text, byte[] bytes) {
            plain = true;
            alarmCount = 0;
            lineCount = 0;
            long all = Fingerprint.HASH_OF_NOTHING;
            int from = 0;
            for (int at = 0; at <= bytes.length && plain; at++) {
                if (at == bytes.length || bytes[at] == '\n' || bytes[at] == '\r') {
                    all = line(text, bytes, from, at, all);
                    from = at + 1;
                }
            }
            return Fingerprint.hashEnd(all);
        }

        private long line(String text, byte[] bytes, int from, int to, long all) {
            int first = from;
            while (first < to && (bytes[first] == ' ' || bytes[first] == '\t')) {
                first++;
            }
            if (first == to) {
                return all;
            }
            boolean alone = from == 0 && to == bytes.length;
            String asText = alone ? text : text.substring(from, to);
            if (to - from > Fingerprint.LINE_MAX || Fingerprint.isFrame(asText)) {
                plain = false;
                return all;
            }
            line.take(bytes, from, to);
            if (line.isEmpty()) {
                return all;
            }
            if (++lineCount > Fingerprint.LINES_MAX) {
                plain = false;
            }
            if (!alone && Fingerprint.isAlarm(asText)) {
                alarm(Fingerprint.hashEnd(line.hash(Fingerprint.HASH_OF_NOTHING)));
            }
            return line.hash(lineCount == 1 ? all : Fingerprint.hashed(all, '\n'));
        }

        private void alarm(long hash) {
            for (int i = 0; i < alarmCount; i++) {
                if (alarms[i] == hash) {
                    return;
                }
            }
            if (alarmCount < alarms.length) {
                alarms[alarmCount++] = hash;
            }
        }

        private long[] otherLines(long value) {
            return Arrays.stream(alarms, 0, alarmCount)
                    .filter(hash -> hash != value)
                    .sorted()
                    .toArray();
        }
    }
}
