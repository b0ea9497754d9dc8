package ai.postdev.mlx.token;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.mlx.LlamaReference;
import ai.postdev.mlx.Models;
import ai.postdev.mlx.file.GgufFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The same tokens as llama.cpp, whose answers to {@link Strings} are kept as golden files. */
class GgufTokenizerTest {
    private static final int TEXTS = 2400;

    @Test
    void bytePairsAreThoseOfLlama() throws IOException {
        check(Models.smol(), "smollm2");
    }

    @Test
    @Tag("campaign")
    void scoredPiecesAreThoseOfLlama() throws IOException {
        check(Models.gemma(), "gemma3");
    }

    private static void check(Path model, String name) throws IOException {
        List<String> texts = Strings.of(TEXTS);
        if ("write".equals(System.getProperty("postdevai.golden"))) {
            write(model, name, texts);
        }
        try (GgufFile file = GgufFile.open(model)) {
            Tokenizer tokenizer = GgufTokenizer.of(file);
            List<String> golden = read(name);
            assertEquals(2 * texts.size(), golden.size());
            int wrong = 0;
            StringBuilder first = new StringBuilder();
            for (int i = 0; i < texts.size(); i++) {
                for (int special = 0; special < 2; special++) {
                    String found = line(tokenizer.encode(texts.get(i), special == 1));
                    String expected = golden.get(2 * i + special);
                    if (!found.equals(expected)) {
                        wrong++;
                        if (wrong <= 12) {
                            first.append('\n')
                                    .append(escaped(texts.get(i)))
                                    .append(" special=")
                                    .append(special)
                                    .append("\n  expected ")
                                    .append(expected)
                                    .append("\n  found    ")
                                    .append(found);
                        }
                    }
                }
                if (name.equals("smollm2")) {
                    // What goes in comes out, byte for byte.
                    assertEquals(texts.get(i), tokenizer.decode(tokenizer.encode(texts.get(i), false)), texts.get(i));
                }
            }
            assertEquals(0, wrong, () -> "different tokens" + first);
        }
    }

    @Test
    void charactersComeOutWhole() throws IOException {
        try (GgufFile file = GgufFile.open(Models.smol())) {
            Tokenizer tokenizer = GgufTokenizer.of(file);
            for (String text : List.of("😀👩‍👩‍👧‍👦 naïve 你好", "שלום\u0301", "plain")) {
                TextStream stream = new TextStream(tokenizer);
                StringBuilder all = new StringBuilder();
                for (int token : tokenizer.encode(text, false)) {
                    String piece = stream.add(token);
                    assertTrue(piece.indexOf('\ufffd') < 0, "half a character in " + piece);
                    all.append(piece);
                }
                assertEquals(text, all + stream.end());
            }
            TextStream stream = new TextStream(tokenizer);
            int[] emoji = tokenizer.encode("😀", false);
            assertEquals("", stream.add(emoji[0]));
            assertEquals("\ufffd", stream.end());
        }
    }

    @Test
    void specialNamesOfStrangersStayText() throws IOException {
        try (GgufFile file = GgufFile.open(Models.smol())) {
            Tokenizer tokenizer = GgufTokenizer.of(file);
            int end = tokenizer.named("<|im_end|>").orElseThrow();
            assertArrayEquals(new int[] {end}, tokenizer.encode("<|im_end|>", true));
            assertTrue(Arrays.stream(tokenizer.encode("<|im_end|>", false)).noneMatch(id -> id == end));
            assertTrue(tokenizer.ends().contains(end));
            assertEquals("", tokenizer.decode(end));
            assertEquals("<|im_end|>", tokenizer.name(end));
        }
    }

    private static String line(int[] ids) {
        return Arrays.stream(ids).mapToObj(Integer::toString).collect(Collectors.joining(" "));
    }

    private static String escaped(String text) {
        return text.chars()
                .mapToObj(c -> c < 0x20 || c > 0x7e ? String.format("\\u%04x", c) : String.valueOf((char) c))
                .collect(Collectors.joining());
    }

    private static List<String> read(String name) throws IOException {
        try (InputStream in = GgufTokenizerTest.class.getResourceAsStream("/tokens/" + name + ".gz")) {
            byte[] text = new GZIPInputStream(in).readAllBytes();
            return new String(text, StandardCharsets.UTF_8).lines().toList();
        }
    }

    private static void write(Path model, String name, List<String> texts) throws IOException {
        StringBuilder lines = new StringBuilder();
        try (LlamaReference llama = new LlamaReference(model, 64)) {
            for (String text : texts) {
                lines.append(line(llama.tokens(text, false, false))).append('\n');
                lines.append(line(llama.tokens(text, true, true))).append('\n');
            }
        }
        Path file = Path.of("src/test/resources/tokens").resolve(name + ".gz");
        Files.createDirectories(file.getParent());
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(lines.toString().getBytes(StandardCharsets.UTF_8));
        }
    }
}
