package ai.postdev.dragon.model.engine;

import ai.postdev.dragon.model.constrain.SchemaSettings;
import ai.postdev.dragon.model.prefix.PrefixSettings;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;

/**
 * How engines go about their work; the keys are {@code postdevai.models.steps.*} and explained in reference.conf, and so are those
 * of what it is made of.
 *
 * @param prefillAlone tokens of prompts in one step while no answer is being made, 16 to 4096
 * @param prefillShared tokens of prompts in one step while there are, 1 to {@code prefillAlone}
 * @param aheadMax pieces that an answer may be ahead of who pulls it; at least 1
 * @param prefixBytesMax of memory for beginnings of prompts that were read; 0: none is kept
 * @param parts in which llama.cpp reads long prompts
 */
public record StepSettings(
        int prefillAlone,
        int prefillShared,
        int aheadMax,
        long prefixBytesMax,
        PartSettings parts,
        PrefixSettings prefix,
        SchemaSettings schema) {
    public StepSettings {
        if (prefillAlone < 16
                || prefillAlone > 4096
                || prefillShared < 1
                || prefillShared > prefillAlone
                || aheadMax < 1
                || prefixBytesMax < 0) {
            throw new IllegalArgumentException("postdevai.models.steps expects prefill-alone of 16 to 4096,"
                    + " prefill-shared of 1 to that, ahead-max of at least 1 and prefix-bytes-max of at least 0; found "
                    + prefillAlone + ", " + prefillShared + ", " + aheadMax + ", " + prefixBytesMax);
        }
    }

    /** Reads {@code postdevai.models.steps}, {@code prompt-parts}, {@code prefix} and {@code schema}. */
    public static StepSettings from(Config root) {
        Config steps = root.getConfig("postdevai.models.steps");
        return new StepSettings(
                steps.getInt("prefill-alone"),
                steps.getInt("prefill-shared"),
                steps.getInt("ahead-max"),
                steps.getBytes("prefix-bytes-max"),
                PartSettings.from(root),
                PrefixSettings.from(root),
                SchemaSettings.from(root));
    }

    /** As it is shipped. */
    static StepSettings shipped() {
        return from(ConfigFactory.defaultReference());
    }
}
