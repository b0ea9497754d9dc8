package ai.postdev.mlx.token;

import ai.postdev.mlx.file.GgufFile;
import ai.postdev.mlx.file.ModelFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** The tokens of a GGUF file, and which of them are special. */
final class Vocabulary {
    private static final int NORMAL = 1;
    private static final int UNKNOWN = 2;
    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;
    private static final int BYTE = 6;
    /** Tokens that end an answer in some family, whatever the file calls its end of text. */
    private static final List<String> END_NAMES = List.of(
            "<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|end|>", "<end_of_turn>", "<|endoftext|>", "<|end_of_text|>");

    private final String[] names;
    private final int[] types;
    private final Map<String, Integer> ids;
    private final GgufFile file;
    private final SpecialNames special;

    Vocabulary(GgufFile file) throws ModelFileException {
        this.file = file;
        names = file.get("tokenizer.ggml.tokens", String[].class)
                .orElseThrow(() -> new ModelFileException("the file holds no tokenizer.ggml.tokens"));
        long[] kinds = file.get("tokenizer.ggml.token_type", long[].class).orElse(new long[0]);
        if (kinds.length != 0 && kinds.length != names.length) {
            throw new ModelFileException(kinds.length + " types for " + names.length + " tokens");
        }
        types = new int[names.length];
        ids = HashMap.newHashMap(names.length);
        List<Integer> marked = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            types[i] = kinds.length == 0 ? NORMAL : (int) kinds[i];
            ids.putIfAbsent(names[i], i);
            if (!names[i].isEmpty() && (types[i] == CONTROL || types[i] == USER_DEFINED || types[i] == UNKNOWN)) {
                marked.add(i);
            }
        }
        // Longer names first: one may be the start of another.
        marked.sort(Comparator.<Integer>comparingInt(id -> -names[id].length()).thenComparingInt(id -> id));
        special = new SpecialNames(names, marked);
    }

    SpecialNames special() {
        return special;
    }

    int size() {
        return names.length;
    }

    String name(int id) {
        if (id < 0 || id >= names.length) {
            throw new IllegalArgumentException("token " + id + " is outside of the vocabulary of " + names.length);
        }
        return names[id];
    }

    /** The number of a name, or -1. */
    int id(String name) {
        return ids.getOrDefault(name, -1);
    }

    boolean control(int id) {
        return types[id] == CONTROL || types[id] == UNKNOWN;
    }

    boolean userDefined(int id) {
        return types[id] == USER_DEFINED;
    }

    boolean isByte(int id) {
        return types[id] == BYTE;
    }

    OptionalInt marked(String key) throws ModelFileException {
        Long id = file.number("tokenizer.ggml." + key).orElse(null);
        if (id == null) {
            return OptionalInt.empty();
        }
        if (id < 0 || id >= names.length) {
            throw new ModelFileException(
                    "tokenizer.ggml." + key + " is " + id + ", outside of the vocabulary of " + names.length);
        }
        return OptionalInt.of(id.intValue());
    }

    boolean flag(String key, boolean otherwise) throws ModelFileException {
        return file.flag("tokenizer.ggml." + key).orElse(otherwise);
    }

    Set<Integer> ends() throws ModelFileException {
        Set<Integer> ends = new LinkedHashSet<>();
        for (String key : List.of("eos_token_id", "eot_token_id", "eom_token_id")) {
            marked(key).ifPresent(ends::add);
        }
        for (String name : END_NAMES) {
            int id = id(name);
            if (id >= 0 && control(id)) {
                ends.add(id);
            }
        }
        return Set.copyOf(ends);
    }
}
