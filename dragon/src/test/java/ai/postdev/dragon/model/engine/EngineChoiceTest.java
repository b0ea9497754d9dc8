package ai.postdev.dragon.model.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.dragon.model.catalogue.Manifest.Format;
import com.typesafe.config.ConfigFactory;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EngineChoiceTest {
    private static final Platform LINUX = new Platform("linux", "x86_64", Optional.empty());
    private static final Platform LINUX_BARE = new Platform("linux", "x86_64", Optional.of("no compiler was there"));
    private static final Platform MAC = new Platform("macos", "aarch64", Optional.empty());
    private static final Platform OTHER = new Platform("solaris", "sparc", Optional.of("this build holds no MLX"));

    private static void chosen(
            String engine, String reason, EngineSetting setting, Platform platform, Format format, String... facts) {
        EngineChoice choice = EngineChoice.of(
                setting, platform, format, facts.length > 0 ? facts[0] : "llama", facts.length > 1 ? facts[1] : "Q4_1");
        assertEquals(engine, choice.engine().orElse("none"), choice.reason());
        assertTrue(choice.reason().contains(reason), choice.reason());
    }

    @Test
    void withoutAWishTheBestForPlatformAndFormatIsTaken() {
        chosen("llama.cpp", "on a CPU", EngineSetting.AUTO, LINUX, Format.GGUF);
        chosen("mlx", "GPU of Apple silicon", EngineSetting.AUTO, MAC, Format.GGUF);
        chosen("mlx", "llama.cpp reads GGUF files", EngineSetting.AUTO, LINUX, Format.SAFETENSORS);
        chosen("llama.cpp", "Q3_K_M", EngineSetting.AUTO, MAC, Format.GGUF, "llama", "Q3_K_M");
        chosen("llama.cpp", "architecture mamba", EngineSetting.AUTO, MAC, Format.GGUF, "mamba");
        chosen("llama.cpp", "no compiler was there", EngineSetting.AUTO, LINUX_BARE, Format.GGUF);
    }

    @Test
    void aWishIsFollowedOrRefusedWithWhatElseThereIs() {
        chosen("mlx", "asks for mlx", EngineSetting.MLX, LINUX, Format.GGUF);
        chosen("llama.cpp", "asks for llama.cpp", EngineSetting.LLAMA, MAC, Format.GGUF);
        chosen("none", "set auto or llama.cpp", EngineSetting.MLX, LINUX_BARE, Format.GGUF);
        chosen("none", "set auto or mlx", EngineSetting.LLAMA, LINUX, Format.SAFETENSORS);
        chosen("none", "architecture t5", EngineSetting.MLX, MAC, Format.SAFETENSORS, "t5");
    }

    @Test
    void whatNothingRunsIsRefusedWithBothReasons() {
        chosen("none", "llama.cpp is not built for solaris on sparc", EngineSetting.AUTO, OTHER, Format.GGUF);
        chosen("none", "this build holds no MLX", EngineSetting.AUTO, OTHER, Format.GGUF);
        chosen("none", "llama.cpp reads GGUF files", EngineSetting.AUTO, LINUX_BARE, Format.SAFETENSORS);
        EngineFault fault = assertThrows(
                EngineFault.class, EngineChoice.of(EngineSetting.AUTO, OTHER, Format.GGUF, "llama", "")::orFault);
        assertEquals(EngineFault.Kind.BAD_MODEL, fault.kind());
    }

    @Test
    void aWishThatIsNoneIsToldWithWhatMayBe() {
        assertEquals(EngineSetting.AUTO, EngineSetting.of(ConfigFactory.load().getString("postdevai.models.engine")));
        IllegalArgumentException wrong = assertThrows(IllegalArgumentException.class, () -> EngineSetting.of("ollama"));
        assertTrue(wrong.getMessage().contains("auto, mlx, llama.cpp"), wrong.getMessage());
    }
}
