package ai.postdev.dragon.model.constrain;

import com.typesafe.config.Config;

/**
 * How large a JSON schema may be; the keys are {@code postdevai.models.schema.*} and explained in reference.conf.
 *
 * @param partsMax parts of the grammar that it becomes
 * @param depthMax schemas within schemas
 * @param repeatMax the largest bound of a repetition: items, characters
 * @param masksMax masks of tokens that are remembered for one answer
 */
public record SchemaSettings(int partsMax, int depthMax, int repeatMax, int masksMax) {
    public SchemaSettings {
        if (partsMax < 1 || depthMax < 1 || repeatMax < 1 || masksMax < 1) {
            throw new IllegalArgumentException("postdevai.models.schema expects parts-max, depth-max, repeat-max and"
                    + " masks-max of at least 1, found " + partsMax + ", " + depthMax + ", " + repeatMax + ", "
                    + masksMax);
        }
    }

    /** Reads {@code postdevai.models.schema}. */
    public static SchemaSettings from(Config root) {
        Config schema = root.getConfig("postdevai.models.schema");
        return new SchemaSettings(
                schema.getInt("parts-max"),
                schema.getInt("depth-max"),
                schema.getInt("repeat-max"),
                schema.getInt("masks-max"));
    }
}
