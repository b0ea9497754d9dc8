package ai.postdev.dragon.model;

import ai.postdev.v1.ModelStatus;
import java.util.Collection;
import java.util.Locale;

/** How far embedding is, for a status. */
final class EmbedStatus {
    private EmbedStatus() {}

    static ModelStatus of(
            EmbedderSpec model,
            EmbedderCell.State state,
            Collection<EmbedProject> projects,
            long embedded,
            double perSecond) {
        ModelStatus.Builder status = ModelStatus.newBuilder()
                .setName(model.key())
                .setState(state.phase().name().toLowerCase(Locale.ROOT))
                .setReason(state.reason())
                .setDimensions(model.dimensions())
                .setEmbedded(embedded)
                .setWaiting(
                        projects.stream().mapToLong(project -> project.waiting).sum())
                .setPerSecond(perSecond);
        state.embedder()
                .ifPresent(embedder -> status.setEngine(embedder.engine()).setDimensions(embedder.dimensions()));
        return status.build();
    }
}
