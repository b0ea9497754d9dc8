package ai.postdev.mlx.token;

import ai.postdev.mlx.file.GgufFile;
import ai.postdev.mlx.file.ModelFileException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Byte pairs as GPT-2 invented them: bytes are written as printable characters and paired by rank. */
final class BytePairs implements GgufTokenizer.Pieces {
    private static final char[] CHARS = new char[256];
    private static final Map<Character, Integer> BYTES = new HashMap<>();

    static {
        int next = 256;
        for (int b = 0; b < 256; b++) {
            boolean printable = b >= '!' && b <= '~' || b >= 0xa1 && b <= 0xac || b >= 0xae;
            CHARS[b] = (char) (printable ? b : next++);
            BYTES.put(CHARS[b], b);
        }
    }

    private final Vocabulary vocabulary;
    private final PreTokenizer words;
    private final Map<String, Integer> ranks;

    BytePairs(GgufFile file, Vocabulary vocabulary, PreTokenizer words) throws ModelFileException {
        this.vocabulary = vocabulary;
        this.words = words;
        String[] merges = file.get("tokenizer.ggml.merges", String[].class)
                .orElseThrow(() -> new ModelFileException("the file holds no tokenizer.ggml.merges"));
        ranks = HashMap.newHashMap(merges.length);
        for (int i = 0; i < merges.length; i++) {
            if (merges[i].indexOf(' ', 1) < 0) {
                throw new ModelFileException("merge " + i + " is \"" + merges[i] + "\", not two parts and a space");
            }
            ranks.putIfAbsent(merges[i], i);
        }
    }

    @Override
    public void encode(String text, boolean atBorder, List<Integer> to) {
        for (String word : words.words(text)) {
            StringBuilder written = new StringBuilder();
            for (byte b : word.getBytes(StandardCharsets.UTF_8)) {
                written.append(CHARS[b & 255]);
            }
            pair(written.toString(), to);
        }
    }

    private void pair(String word, List<Integer> to) {
        if (words.wholeWords() && vocabulary.id(word) >= 0) {
            to.add(vocabulary.id(word));
            return;
        }
        Merges merges = new Merges(word, characters(word));
        merges.run((left, right) -> {
            Integer rank = ranks.get(left + " " + right);
            return rank == null ? Double.NaN : -rank;
        });
        for (String part : merges.parts()) {
            int id = vocabulary.id(part);
            if (id >= 0) {
                to.add(id);
                continue;
            }
            for (int i = 0; i < part.length(); i++) {
                int single = vocabulary.id(part.substring(i, i + 1));
                if (single >= 0) {
                    to.add(single);
                }
            }
        }
    }

    private static List<Integer> characters(String word) {
        List<Integer> ends = new ArrayList<>(word.length());
        for (int i = 1; i <= word.length(); i++) {
            ends.add(i);
        }
        return ends;
    }

    @Override
    public byte[] bytes(int token) {
        return bytesOf(vocabulary.name(token));
    }

    /** The bytes that these printable characters stand for. */
    static byte[] bytesOf(String name) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < name.length(); i++) {
            Integer b = BYTES.get(name.charAt(i));
            if (b == null) {
                bytes.writeBytes(String.valueOf(name.charAt(i)).getBytes(StandardCharsets.UTF_8));
            } else {
                bytes.write(b);
            }
        }
        return bytes.toByteArray();
    }
}
