package ai.postdev.dragon.model;

import ai.postdev.dragon.model.catalogue.InstalledModel;
import ai.postdev.dragon.model.catalogue.Manifest;
import ai.postdev.dragon.model.catalogue.StoreAccess;
import ai.postdev.dragon.model.engine.EngineFault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.pekko.actor.typed.ActorRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The embedders of this node, each with its slot: the one that the settings name embeds what is new; the others only embed
 * questions, for lakes whose embeddings are still theirs. Any thread.
 */
public final class Embedders {
    private static final Logger LOG = LoggerFactory.getLogger(Embedders.class);

    /** An embedder of this node. */
    public record Place(EmbedderSpec spec, EmbedderCell cell, ActorRef<EmbedderSlot.Command> slot) {}

    private final Place target;
    private final BiFunction<EmbedderSpec, EmbedderCell, ActorRef<EmbedderSlot.Command>> spawn;
    private volatile List<Place> all;

    /**
     * The embedders {@code specs}.
     *
     * @param specs the first is the one that embeds what is new
     * @param spawn makes a slot that shows itself in the cell; called on any thread
     */
    public Embedders(
            List<EmbedderSpec> specs, BiFunction<EmbedderSpec, EmbedderCell, ActorRef<EmbedderSlot.Command>> spawn) {
        this.spawn = spawn;
        all = specs.stream().map(this::place).toList();
        target = all.getFirst();
    }

    private Place place(EmbedderSpec spec) {
        EmbedderCell cell = new EmbedderCell();
        return new Place(spec, cell, spawn.apply(spec, cell));
    }

    /** There are these too. */
    public synchronized void add(List<EmbedderSpec> specs) {
        List<Place> more = new ArrayList<>(all);
        specs.stream().filter(spec -> of(spec.key()).isEmpty()).map(this::place).forEach(more::add);
        all = List.copyOf(more);
    }

    /**
     * Those that have to be known before anything else can begin: with the built-in one no file is read for it, so that the
     * first answer does not wait; the others are {@link #add}ed later.
     */
    public static List<EmbedderSpec> first(EmbedderSettings settings, StoreAccess store) {
        return settings.model().equals(EmbedderSpec.BUILT_IN)
                ? List.of(EmbedderSpec.builtIn(settings))
                : here(settings, store);
    }

    /**
     * The embedders that there are, the one that the settings name first. Reads the manifests of the models.
     *
     * <p>One that is named and is not here, or that no engine runs, stays the first: nothing new is embedded then, rather
     * than by another, and the reason is told when it is to be loaded.
     */
    public static List<EmbedderSpec> here(EmbedderSettings settings, StoreAccess store) {
        List<EmbedderSpec> specs = new ArrayList<>();
        specs.add(EmbedderSpec.builtIn(settings));
        try {
            for (InstalledModel model : store.store().list()) {
                if (!model.manifest().builtIn() && model.manifest().kind() == Manifest.Kind.EMBEDDING) {
                    add(specs, model, settings);
                }
            }
        } catch (IOException e) {
            LOG.warn("no other embedders than {} are known: {}", EmbedderSpec.BUILT_IN, e.getMessage());
        }
        String named = settings.model();
        EmbedderSpec first = specs.stream()
                .filter(spec -> spec.name().equals(named))
                .findFirst()
                .orElseGet(() -> EmbedderSpec.missing(named, settings));
        specs.remove(first);
        specs.addFirst(first);
        return specs;
    }

    private static void add(List<EmbedderSpec> specs, InstalledModel model, EmbedderSettings settings) {
        try {
            specs.add(EmbedderSpec.of(model, settings));
        } catch (EngineFault e) {
            LOG.warn("model {} does not embed here: {}", model.name(), e.getMessage());
        }
    }

    /** The one that embeds what is new. */
    public Place target() {
        return target;
    }

    /** The one whose embeddings are stored under {@code key}. */
    public Optional<Place> of(String key) {
        return all.stream().filter(place -> place.spec().key().equals(key)).findFirst();
    }

    /** Names of all but the one that embeds what is new. */
    public List<String> others() {
        return all.stream().skip(1).map(place -> place.spec().name()).toList();
    }
}
