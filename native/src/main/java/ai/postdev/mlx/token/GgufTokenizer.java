package ai.postdev.mlx.token;

import ai.postdev.mlx.file.GgufFile;
import ai.postdev.mlx.file.ModelFileException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** A tokenizer made from the metadata of a GGUF file, with the same answers as llama.cpp. */
public final class GgufTokenizer implements Tokenizer {
    private final Vocabulary vocabulary;
    private final Pieces pieces;
    private final OptionalInt start;
    private final OptionalInt end;
    private final boolean addStart;
    private final boolean addEnd;
    private final Set<Integer> ends;

    private GgufTokenizer(Vocabulary vocabulary, Pieces pieces, boolean startsByDefault) throws ModelFileException {
        this.vocabulary = vocabulary;
        this.pieces = pieces;
        start = vocabulary.marked("bos_token_id");
        end = vocabulary.marked("eos_token_id");
        addStart = start.isPresent() && vocabulary.flag("add_bos_token", startsByDefault);
        addEnd = end.isPresent() && vocabulary.flag("add_eos_token", false);
        ends = vocabulary.ends();
    }

    /** How a text without special tokens is cut. */
    interface Pieces {
        /**
         * Adds the tokens of the text.
         *
         * @param atBorder whether it stands at the start or after a special token
         */
        void encode(String text, boolean atBorder, List<Integer> to);

        /** The bytes that a normal token stands for. */
        byte[] bytes(int token);
    }

    /**
     * Makes the tokenizer that the file describes.
     *
     * @throws ModelFileException when it describes none, or one that is not known here
     */
    public static GgufTokenizer of(GgufFile file) throws ModelFileException {
        String model = file.text("tokenizer.ggml.model")
                .orElseThrow(() -> new ModelFileException("the file does not say its tokenizer.ggml.model"));
        Vocabulary vocabulary = new Vocabulary(file);
        return switch (model) {
            case "gpt2" -> {
                String pre = file.text("tokenizer.ggml.pre").orElse("default");
                yield new GgufTokenizer(
                        vocabulary, new BytePairs(file, vocabulary, PreTokenizer.named(pre)), pre.startsWith("llama"));
            }
            case "llama" -> new GgufTokenizer(vocabulary, new ScoredPieces(file, vocabulary), true);
            default ->
                throw new ModelFileException("the tokenizer " + model
                        + " is not known here; gpt2 (byte pairs) and llama (scored pieces) are");
        };
    }

    @Override
    public int[] encode(String text, boolean special) {
        List<Integer> tokens = new ArrayList<>();
        if (special && addStart) {
            tokens.add(start.getAsInt());
        }
        boolean border = true;
        for (SpecialNames.Piece piece : vocabulary.special().split(text, id -> special || vocabulary.userDefined(id))) {
            if (piece.token() >= 0) {
                tokens.add(piece.token());
                border = true;
            } else {
                pieces.encode(piece.text(), border, tokens);
                border = false;
            }
        }
        if (special && addEnd) {
            tokens.add(end.getAsInt());
        }
        return tokens.stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public String decode(int... tokens) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Arrays.stream(tokens).forEach(token -> bytes.writeBytes(bytes(token)));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] bytes(int token) {
        String name = vocabulary.name(token);
        if (vocabulary.control(token)) {
            return new byte[0];
        }
        return vocabulary.userDefined(token) ? name.getBytes(StandardCharsets.UTF_8) : pieces.bytes(token);
    }

    @Override
    public int size() {
        return vocabulary.size();
    }

    @Override
    public OptionalInt start() {
        return start;
    }

    @Override
    public Set<Integer> ends() {
        return ends;
    }

    @Override
    public String name(int token) {
        return vocabulary.name(token);
    }

    @Override
    public OptionalInt named(String name) {
        int id = vocabulary.id(name);
        return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
    }
}
