package ai.postdev.dragon.lake.syntax;

import ai.postdev.dragon.lake.syntax.Syntax.Chunk;
import ai.postdev.dragon.lake.syntax.Syntax.Symbol;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@link Syntax} as compact bytes: derived data that is kept by content hash. The first byte is the format's version;
 * {@link #ANALYSER} names the rules that made the content and belongs into the key, so that better rules replace old
 * results. Format: version, complete, table of texts, symbols, chunks, imports; numbers are LEB128, lines and offsets
 * are differences to the one before.
 */
public final class SyntaxCodec {
    /** Version of the rules for symbols and chunks; raise it when they give other results for the same text. */
    public static final int ANALYSER = 1;

    private static final byte FORMAT = 1;

    private SyntaxCodec() {}

    /** Writes {@code syntax}. */
    public static byte[] encode(Syntax syntax) {
        Writer texts = new Writer();
        Writer out = new Writer();
        Map<String, Integer> index = new HashMap<>();
        out.number(syntax.symbols().size());
        int line = 0;
        for (Symbol symbol : syntax.symbols()) {
            out.text(symbol.name(), index, texts);
            out.text(symbol.kind(), index, texts);
            out.text(symbol.container(), index, texts);
            out.text(symbol.signature(), index, texts);
            out.signed(symbol.startLine() - line);
            out.signed(symbol.endLine() - symbol.startLine());
            line = symbol.startLine();
        }
        out.number(syntax.chunks().size());
        line = 0;
        int offset = 0;
        for (Chunk chunk : syntax.chunks()) {
            out.signed(chunk.startLine() - line);
            out.signed(chunk.endLine() - chunk.startLine());
            out.signed(chunk.startByte() - offset);
            out.signed(chunk.endByte() - chunk.startByte());
            out.text(chunk.symbol(), index, texts);
            line = chunk.endLine();
            offset = chunk.endByte();
        }
        out.number(syntax.imports().size());
        for (String name : syntax.imports()) {
            out.text(name, index, texts);
        }
        Writer all = new Writer();
        all.bytes.write(FORMAT);
        all.bytes.write(syntax.complete() ? 1 : 0);
        all.number(index.size());
        all.bytes.writeBytes(texts.bytes.toByteArray());
        all.bytes.writeBytes(out.bytes.toByteArray());
        return all.bytes.toByteArray();
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException if the bytes are of another version or damaged; the caller parses the text again
     */
    public static Syntax decode(byte[] bytes) {
        Reader in = new Reader(bytes);
        int format = in.oneByte();
        if (format != FORMAT) {
            throw new IllegalArgumentException(
                    "syntax has format " + format + ", expected " + FORMAT + ": parse the text again");
        }
        boolean complete = in.oneByte() == 1;
        int count = in.count();
        String[] texts = new String[count];
        for (int i = 0; i < count; i++) {
            texts[i] = in.text();
        }
        List<Symbol> symbols = new ArrayList<>();
        int line = 0;
        for (int left = in.count(); left > 0; left--) {
            String name = in.pick(texts);
            String kind = in.pick(texts);
            String container = in.pick(texts);
            String signature = in.pick(texts);
            line += in.signed();
            symbols.add(new Symbol(name, kind, container, line, line + in.signed(), signature));
        }
        List<Chunk> chunks = new ArrayList<>();
        line = 0;
        int offset = 0;
        for (int left = in.count(); left > 0; left--) {
            int startLine = line + in.signed();
            line = startLine + in.signed();
            int startByte = offset + in.signed();
            offset = startByte + in.signed();
            chunks.add(new Chunk(startLine, line, startByte, offset, in.pick(texts)));
        }
        List<String> imports = new ArrayList<>();
        for (int left = in.count(); left > 0; left--) {
            imports.add(in.pick(texts));
        }
        if (in.at != bytes.length) {
            throw in.damaged();
        }
        return new Syntax(symbols, chunks, imports, complete);
    }

    private static final class Writer {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);

        void number(int value) {
            int rest = value;
            while ((rest & ~0x7f) != 0) {
                bytes.write(rest & 0x7f | 0x80);
                rest >>>= 7;
            }
            bytes.write(rest);
        }

        void signed(int value) {
            number(value << 1 ^ value >> 31);
        }

        void text(String text, Map<String, Integer> index, Writer texts) {
            Integer known = index.get(text);
            if (known == null) {
                known = index.size();
                index.put(text, known);
                byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                texts.number(utf8.length);
                texts.bytes.writeBytes(utf8);
            }
            number(known);
        }
    }

    private static final class Reader {
        private final byte[] bytes;
        private int at;

        Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        int oneByte() {
            if (at >= bytes.length) {
                throw damaged();
            }
            return bytes[at++];
        }

        int number() {
            int value = 0;
            for (int shift = 0; shift < 35; shift += 7) {
                int next = oneByte();
                value |= (next & 0x7f) << shift;
                if (next >= 0) {
                    return value;
                }
            }
            throw damaged();
        }

        /** A number of things to follow, each at least one byte long. */
        int count() {
            int count = number();
            if (count < 0 || count > bytes.length - at) {
                throw damaged();
            }
            return count;
        }

        int signed() {
            int value = number();
            return value >>> 1 ^ -(value & 1);
        }

        String text() {
            int length = count();
            String text = new String(bytes, at, length, StandardCharsets.UTF_8);
            at += length;
            return text;
        }

        String pick(String[] texts) {
            int index = number();
            if (index < 0 || index >= texts.length) {
                throw damaged();
            }
            return texts[index];
        }

        IllegalArgumentException damaged() {
            return new IllegalArgumentException(
                    "syntax is damaged near byte " + at + " of " + bytes.length + ": parse the text again");
        }
    }
}
