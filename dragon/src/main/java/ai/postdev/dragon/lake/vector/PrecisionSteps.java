package ai.postdev.dragon.lake.vector;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Keeps the rows of an index less exactly to save memory, and in full again, slab by slab. Writer only. */
final class PrecisionSteps {
    private final VectorRows rows;

    PrecisionSteps(VectorRows rows) {
        this.rows = rows;
    }

    /**
     * Writes one slab in the next lower precision, the most exact first.
     *
     * @return whether one was kept more exactly than {@code to}
     */
    boolean lower(Precision to) {
        for (Optional<Precision> step = Precision.FLOAT.lower();
                step.isPresent() && step.get().compareTo(to) <= 0;
                step = step.get().lower()) {
            if (rows.lowerOne(step.get())) {
                rows.precision(step.get());
                return true;
            }
        }
        return false;
    }

    /** Writes the slabs of these vectors in floats; once all are, further ones are too. */
    void raise(Map<Integer, float[]> exact) {
        Map<Integer, Map<Integer, float[]>> slabs = new TreeMap<>();
        exact.forEach((ordinal, vector) -> {
            int row = rows.holds(ordinal) ? rows.row(ordinal) : -1;
            if (row >= 0 && rows.slab(row).precision() != Precision.FLOAT) {
                slabs.computeIfAbsent(row / rows.slabRows(), _ -> new HashMap<>())
                        .put(row, vector);
            }
        });
        slabs.forEach(rows::raise);
        if (rows.missingBytes() == 0) {
            rows.precision(Precision.FLOAT);
        }
    }
}
