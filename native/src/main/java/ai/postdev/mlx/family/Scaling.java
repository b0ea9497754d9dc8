package ai.postdev.mlx.family;

import ai.postdev.mlx.file.ModelFileException;

/** How a family stretches its rotations over longer texts. */
record Scaling(String kind, double scale, double magnitude, float[] factors, double low, double high, int original) {
    private static final Scaling NONE = new Scaling("none", 1, 1, new float[0], 0, 0, 0);

    static Scaling of(Json config, int usable, int context, int headDim) throws ModelFileException {
        if (!config.has("rope_scaling")) {
            return NONE;
        }
        Json json = config.child("rope_scaling");
        String kind = json.text("rope_type", json.text("type", ""));
        double factor = json.real("factor", 1);
        int original = json.number(
                "original_max_position_embeddings", config.number("original_max_position_embeddings", context));
        return switch (kind) {
            case "default", "" -> NONE;
            case "linear" -> new Scaling(kind, 1 / factor, 1, new float[0], 0, 0, original);
            case "llama3" ->
                new Scaling(
                        kind,
                        1,
                        1,
                        new float[] {(float) factor},
                        json.real("low_freq_factor", 1),
                        json.real("high_freq_factor", 4),
                        original);
            case "longrope", "su" -> {
                double stretch = (double) context / original;
                double magnitude =
                        stretch <= 1 ? 1 : Math.sqrt(1 + Math.log(stretch) / Math.log(Math.max(2, original)));
                yield new Scaling(
                        kind,
                        1,
                        magnitude,
                        json.floats(usable > original ? "long_factor" : "short_factor"),
                        0,
                        0,
                        original);
            }
            default ->
                throw new ModelFileException(
                        "rotations scaled by \"" + kind + "\" are not read here; linear, llama3 and longrope are");
        };
    }

    /** The wavelengths, or none where they are powers of the base. */
    float[] freqs(DecoderSpec spec) throws ModelFileException {
        if (factors.length == 0) {
            return factors;
        }
        int half = spec.ropeDims() / 2;
        if (kind.equals("longrope") && factors.length != half || kind.equals("su") && factors.length != half) {
            throw new ModelFileException(factors.length + " factors for " + half + " rotations");
        }
        float[] values = new float[half];
        for (int i = 0; i < half; i++) {
            double length = Math.pow(spec.ropeBase(), 2.0 * i / spec.ropeDims());
            values[i] = (float) (kind.equals("llama3") ? llama3(length) : length * factors[i]);
        }
        return values;
    }

    /** Short wavelengths stay, long ones stretch by the factor, those between by a mixture. */
    private double llama3(double length) {
        double wave = 2 * Math.PI * length;
        if (wave < original / high) {
            return length;
        }
        if (wave > original / low) {
            return length * factors[0];
        }
        double smooth = (original / wave - low) / (high - low);
        return 1 / ((1 - smooth) / (length * factors[0]) + smooth / length);
    }
}
