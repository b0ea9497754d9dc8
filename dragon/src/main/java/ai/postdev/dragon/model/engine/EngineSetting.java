package ai.postdev.dragon.model.engine;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Which engine the person wants; the key is {@code postdevai.models.engine} and explained in reference.conf. */
public enum EngineSetting {
    /** The one that is best for platform and format. */
    AUTO("auto"),
    /** MLX, or none. */
    MLX("mlx"),
    /** llama.cpp, or none. */
    LLAMA(LlamaEngine.NAME);

    private final String text;

    EngineSetting(String text) {
        this.text = text;
    }

    /** As settings write it. */
    public String text() {
        return text;
    }

    /** @throws IllegalArgumentException if the text is none of these */
    public static EngineSetting of(String found) {
        return Arrays.stream(values())
                .filter(setting -> setting.text.equals(found))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("postdevai.models.engine is '" + found
                        + "', expected one of "
                        + Arrays.stream(values()).map(EngineSetting::text).collect(Collectors.joining(", "))));
    }
}
