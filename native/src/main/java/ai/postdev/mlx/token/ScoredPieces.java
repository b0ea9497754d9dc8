package ai.postdev.mlx.token;

import ai.postdev.mlx.file.GgufFile;
import ai.postdev.mlx.file.ModelFileException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** SentencePiece's pieces with scores: spaces are written as a low line, what no piece covers becomes byte tokens. */
final class ScoredPieces implements GgufTokenizer.Pieces {
    private static final char SPACE = '\u2581';

    private final Vocabulary vocabulary;
    private final float[] scores;
    private final boolean spaceFirst;
    private final int unknown;
    private final int[] byteTokens = new int[256];

    ScoredPieces(GgufFile file, Vocabulary vocabulary) throws ModelFileException {
        this.vocabulary = vocabulary;
        scores = file.get("tokenizer.ggml.scores", float[].class)
                .orElseThrow(() -> new ModelFileException("the file holds no tokenizer.ggml.scores"));
        if (scores.length != vocabulary.size()) {
            throw new ModelFileException(scores.length + " scores for " + vocabulary.size() + " tokens");
        }
        spaceFirst = vocabulary.flag("add_space_prefix", true);
        unknown = vocabulary.marked("unknown_token_id").orElse(-1);
        for (int b = 0; b < 256; b++) {
            byteTokens[b] = vocabulary.id(String.format("<0x%02X>", b));
        }
    }

    @Override
    public void encode(String text, boolean atBorder, List<Integer> to) {
        String word = (spaceFirst && atBorder ? " " + text : text).replace(' ', SPACE);
        List<Integer> ends = new ArrayList<>();
        for (int i = 0; i < word.length(); ) {
            i += Character.charCount(word.codePointAt(i));
            ends.add(i);
        }
        Merges merges = new Merges(word, ends);
        merges.run((left, right) -> {
            int id = vocabulary.id(left + right);
            return id < 0 ? Double.NaN : scores[id];
        });
        for (String part : merges.parts()) {
            int id = vocabulary.id(part);
            if (id >= 0) {
                to.add(id);
                continue;
            }
            for (byte b : part.getBytes(StandardCharsets.UTF_8)) {
                int token = byteTokens[b & 255] >= 0 ? byteTokens[b & 255] : unknown;
                if (token >= 0) {
                    to.add(token);
                }
            }
        }
    }

    @Override
    public byte[] bytes(int token) {
        String name = vocabulary.name(token);
        if (vocabulary.isByte(token) && name.matches("<0x[0-9A-F]{2}>")) {
            return new byte[] {(byte) Integer.parseInt(name, 3, 5, 16)};
        }
        return name.replace(SPACE, ' ').getBytes(StandardCharsets.UTF_8);
    }
}
