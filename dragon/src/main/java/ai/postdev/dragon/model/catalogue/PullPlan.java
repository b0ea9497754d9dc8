package ai.postdev.dragon.model.catalogue;

import ai.postdev.actors.protocol.Reply;
import java.util.Optional;

/**
 * What would be pulled.
 *
 * @param name that it gets here
 * @param known what is known of it; empty: it was asked for by a source that nobody knows
 */
public record PullPlan(ModelName name, ModelSource source, Optional<KnownModel> known) {
    /**
     * What is meant by a name or source.
     *
     * @param what a known name, or a source
     * @param as the name that the model shall get; empty: its own
     * @throws CatalogueRefused if it is neither
     */
    static PullPlan of(KnownModels models, String what, Optional<ModelName> as) throws CatalogueRefused {
        if (ModelSource.isSource(what)) {
            ModelSource source = ModelSource.parse(what);
            Optional<KnownModel> same = models.all().stream()
                    .filter(one -> one.source().equals(source))
                    .findFirst();
            ModelName own = same.map(KnownModel::name).orElseGet(source::suggestedName);
            return new PullPlan(as.orElse(own), source, same);
        }
        ModelName name = ModelName.parse(what);
        Optional<Manifest> builtIn = BuiltIns.find(name);
        if (builtIn.isPresent()) {
            return new PullPlan(name, builtIn.get().source(), Optional.empty());
        }
        KnownModel model = models.find(name)
                .orElseThrow(() -> new CatalogueRefused(
                        Reply.Reason.NOT_FOUND,
                        "no model is known by the name '" + name + "'; known are "
                                + String.join(
                                        ", ",
                                        models.all().stream()
                                                .map(one -> one.name().value())
                                                .toList())
                                + "; others are named by their source: " + ModelSource.KINDS));
        return new PullPlan(as.orElse(name), model.source(), Optional.of(model));
    }
}
