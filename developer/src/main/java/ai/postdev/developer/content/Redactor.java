package ai.postdev.developer.content;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts credentials out of text before anything of it is stored: each becomes {@code [redacted:kind]}, and the number of
 * lines stays. One pass over the bytes: the beginning of each word is looked up in a table of first two letters of known
 * tokens, its end in the few endings of names that hold secrets ({@code password}, {@code token}, …), and {@code ://} and
 * {@code -----BEGIN} start the search for passwords in addresses and private keys. Nothing is looked at twice but for a
 * bounded distance, so time is linear in the text. Redacting a second time changes nothing.
 *
 * <p>Safe on any thread. The forms follow the published formats of their makers and the rules of gitleaks and
 * detect-secrets.
 */
public final class Redactor {
    private static final byte[] BEGIN = "-----BEGIN ".getBytes(StandardCharsets.US_ASCII);
    private static final int ROUNDS = 8;
    private static final TokenForm[][] FORMS = new TokenForm[1 << 14][];
    private static final byte[] CLASSES = new byte[256];
    private static final byte WORD = 1;
    private static final byte COLON = 2;
    private static final byte DASH = 3;
    private static final byte BACKSLASH = 4;

    static {
        for (TokenForm form : TokenForm.ALL) {
            int pair = form.prefix()[0] << 7 | form.prefix()[1];
            TokenForm[] before = FORMS[pair] == null ? new TokenForm[0] : FORMS[pair];
            FORMS[pair] = Arrays.copyOf(before, before.length + 1);
            FORMS[pair][before.length] = form;
        }
        for (int c = 0; c < 256; c++) {
            CLASSES[c] = CharacterSet.WORD.has((byte) c) ? WORD : 0;
        }
        CLASSES[':'] = COLON;
        CLASSES['-'] = DASH;
        CLASSES['\\'] = BACKSLASH;
    }

    /** Redacts a short text, such as a commit's message or a command line. */
    public String redact(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        byte[] clean = redact(utf8).utf8();
        return clean == utf8 ? text : new String(clean, StandardCharsets.UTF_8);
    }

    /** Redacts a text in UTF-8. */
    public Redaction redact(byte[] utf8) {
        byte[] text = utf8;
        List<String> kinds = new ArrayList<>();
        // A cut may uncover another secret beside it; a text without any is read once.
        for (int round = 0; round < ROUNDS; round++) {
            Pass pass = new Pass(text);
            pass.run();
            if (pass.out == null) {
                break;
            }
            text = pass.finish();
            kinds.addAll(pass.kinds);
        }
        return new Redaction(text, kinds);
    }

    private static final class Pass {
        private final byte[] text;
        private final Cut cut = new Cut();
        private final List<String> kinds = new ArrayList<>();
        private ByteArrayOutputStream out;
        private int written;

        Pass(byte[] text) {
            this.text = text;
        }

        void run() {
            byte[] bytes = text;
            int i = 0;
            while (i < bytes.length) {
                byte kind = CLASSES[bytes[i] & 0xff];
                if (kind == 0) {
                    i++;
                } else if (kind == WORD) {
                    i = word(i);
                } else if (kind == COLON) {
                    i = Addresses.password(bytes, i, cut) ? take(i) : i + 1;
                } else if (kind == DASH) {
                    i = dash(i);
                } else {
                    // An escape: the letter after the backslash belongs to no word.
                    i += 2;
                }
            }
        }

        byte[] finish() {
            out.write(text, written, text.length - written);
            return out.toByteArray();
        }

        private int word(int start) {
            byte[] bytes = text;
            if (start + 1 < bytes.length && bytes[start + 1] >= 0) {
                TokenForm[] forms = FORMS[bytes[start] << 7 | bytes[start + 1]];
                if (forms != null) {
                    for (TokenForm form : forms) {
                        int end = form.end(bytes, start);
                        if (end >= 0) {
                            cut.set(start, end, form.kind());
                            return take(start);
                        }
                    }
                }
                if (OtherTokens.find(bytes, start, cut)) {
                    return take(start);
                }
            }
            int end = start + 1;
            while (end < bytes.length && CLASSES[bytes[end] & 0xff] == WORD) {
                end++;
            }
            return Assignments.find(bytes, start, end, cut) ? take(end) : end;
        }

        private int dash(int start) {
            if (start + 4 < text.length
                    && text[start + 4] == '-'
                    && text[start + 1] == '-'
                    && Addresses.at(text, start, BEGIN)
                    && PrivateKeys.block(text, start, cut)) {
                return take(start);
            }
            int end = start + 1;
            while (end < text.length && text[end] == '-') {
                end++;
            }
            // "-----BEGIN" may follow more dashes than five.
            return end - start > 5 && end - 5 > start && Addresses.at(text, end - 5, BEGIN) ? end - 5 : end;
        }

        /** Cuts what was found; answers where to go on. */
        private int take(int at) {
            if (cut.from < written || cut.to <= cut.from) {
                return Math.max(at + 1, cut.to);
            }
            if (out == null) {
                out = new ByteArrayOutputStream(text.length);
            }
            out.write(text, written, cut.from - written);
            out.writeBytes(("[redacted:" + cut.kind + "]").getBytes(StandardCharsets.US_ASCII));
            for (int i = cut.from; i < cut.to; i++) {
                if (text[i] == '\n') {
                    out.write('\n');
                }
            }
            kinds.add(cut.kind);
            written = cut.to;
            return cut.to;
        }
    }

    /** A place found by one of the searchers; reused for a whole text. */
    static final class Cut {
        int from;
        int to;
        String kind;

        boolean set(int from, int to, String kind) {
            this.from = from;
            this.to = to;
            this.kind = kind;
            return true;
        }
    }
}
