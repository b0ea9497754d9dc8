package ai.postdev.dragon.model.serve;

import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.model.catalogue.InstalledModel;
import ai.postdev.dragon.model.catalogue.Manifest;
import ai.postdev.dragon.model.engine.EngineChoice;
import ai.postdev.dragon.model.ledger.Footprint;
import ai.postdev.dragon.model.ledger.Installed;
import ai.postdev.dragon.model.ledger.ModelLedger;
import ai.postdev.dragon.model.ledger.Refusal;
import ai.postdev.dragon.model.slot.SlotState;
import ai.postdev.dragon.model.worker.Engines;
import ai.postdev.v1.WhyModelAnswer;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** Why a model runs as it does, or cannot be loaded. */
final class Why {
    private Why() {}

    /**
     * What the files say.
     *
     * @param engine empty: none runs it
     * @param because why that one
     * @param problem why it cannot be loaded; empty: nothing of the files is in the way
     */
    record Found(
            String model,
            Optional<InstalledModel> here,
            String engine,
            String because,
            String problem,
            Footprint peak,
            List<Installed> others) {}

    /** Looks at the files. Blocks. */
    static Found look(Finder finder, String name) throws IOException {
        InstalledModel model = finder.model(name);
        Footprint peak = finder.peak(model.manifest());
        List<Installed> others = finder.texts().stream()
                .map(other -> new Installed(
                        other.name().value(), finder.peak(other.manifest()).total()))
                .toList();
        EngineChoice choice = Engines.of(model.manifest(), finder.engine());
        return choice.engine()
                .map(engine -> new Found(name, Optional.of(model), engine, choice.reason(), "", peak, others))
                .orElseGet(() -> new Found(name, Optional.of(model), "", "", choice.reason(), peak, others));
    }

    /** The files could not be looked at. */
    static Found failed(String name, Throwable failure) {
        Throwable cause = cause(failure);
        return new Found(
                name,
                Optional.empty(),
                "",
                "",
                cause.getMessage() == null ? cause.toString() : cause.getMessage(),
                new Footprint(0, 0, 0, 0),
                List.of());
    }

    /** What was thrown on the other thread. */
    static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** The whole answer, with how the model stands now. */
    static Reply<WhyModelAnswer> answer(Found found, Slots slots, ModelLedger ledger, ServeSettings settings) {
        String platform = System.getProperty("os.name") + " on " + System.getProperty("os.arch");
        Optional<Held> slot = slots.of(found.model());
        WhyModelAnswer.Builder answer = WhyModelAnswer.newBuilder()
                .setName(found.model())
                .setEngine(found.engine())
                .setPlatform(platform)
                .setWeightBytes(found.peak().weights())
                .setKvBytes(found.peak().kv())
                .setScratchBytes(found.peak().scratch())
                .setBytes(found.peak().total())
                .setMemory(ServingView.memory(ledger))
                .setProblem(found.problem());
        found.here().ifPresent(model -> {
            answer.setFormat(model.manifest().format().name().toLowerCase(Locale.ROOT));
            reasons(answer, found, model.manifest(), settings);
        });
        slot.filter(held -> !(held.machine.state() instanceof SlotState.Empty))
                .ifPresent(held -> answer.setState(held.machine.state().id()));
        boolean inMemory = slot.filter(held -> held.open).isPresent();
        if (found.problem().isEmpty() && !inMemory) {
            slot.flatMap(slots::hopeless).ifPresent(answer::setProblem);
            if (found.peak().total() > ledger.possible()) {
                answer.setProblem(found.model() + " takes up to "
                        + Refusal.megabytes(found.peak().total()) + ", and at most "
                        + Refusal.megabytes(ledger.possible()) + " can be made free; raise postdevai.memory.budget or"
                        + " postdevai.memory.models, or lower postdevai.models.serve.context or sequences");
                found.others().stream()
                        .filter(other -> other.peakBytes() <= ledger.possible())
                        .max(Comparator.comparingLong(Installed::peakBytes))
                        .ifPresent(other -> answer.setAlternative(other.model()));
            }
        }
        return new Reply.Answered<>(
                answer.setLoadable(answer.getProblem().isEmpty()).build());
    }

    private static void reasons(WhyModelAnswer.Builder answer, Found found, Manifest manifest, ServeSettings settings) {
        if (!found.because().isEmpty()) {
            answer.addReasons("engine: " + found.engine() + ", because " + found.because());
        }
        if (found.model().equals(settings.defaultModel())) {
            answer.addReasons("model: it answers requests that name none (postdevai.models.serve.default)");
        }
        if (manifest.kind() == Manifest.Kind.EMBEDDING) {
            answer.addReasons(
                    "process: the node's own; an embedder has no worker, so that a start has not to wait for one");
            answer.addReasons(
                    "memory: weights " + Refusal.megabytes(found.peak().weights()) + ", "
                            + Refusal.megabytes(found.peak().scratch())
                            + " for the engine and scratch; pinned while the node embeds with it");
            return;
        }
        long trained = manifest.facts().contextTokens();
        int context = trained > 0 ? (int) Math.min(trained, settings.context()) : settings.context();
        answer.setContext(context).setSequences(settings.sequences());
        answer.addReasons("context: " + context + " tokens, "
                + (context == settings.context()
                        ? "as postdevai.models.serve.context says"
                        : "what it was trained for; postdevai.models.serve.context allows " + settings.context()));
        answer.addReasons("sequences: " + settings.sequences()
                + " requests at once (postdevai.models.serve.sequences), with " + settings.threads() + " threads");
        answer.addReasons("memory: weights " + Refusal.megabytes(found.peak().weights()) + ", "
                + Refusal.megabytes(found.peak().kv()) + " for the tokens of all sequences, "
                + Refusal.megabytes(found.peak().scratch())
                + " for scratch and its process; measured once it has answered");
    }
}
