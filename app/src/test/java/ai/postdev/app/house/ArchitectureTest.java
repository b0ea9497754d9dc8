package ai.postdev.app.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import ai.postdev.dragon.lake.StoreEngine;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The house rules that a compiler does not see. */
class ArchitectureTest {
    @TestFactory
    Stream<DynamicTest> everyRuleHolds() {
        JavaClasses house = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("ai.postdev");
        return Arrays.stream(ArchitectureTest.class.getDeclaredFields())
                .filter(field -> field.getType() == ArchRule.class)
                .map(field -> DynamicTest.dynamicTest(
                        field.getName(),
                        () -> ((ArchRule) field.get(null))
                                .allowEmptyShould(true)
                                .check(house)));
    }

    static final ArchRule dragonKnowsNoOtherRole = noClasses()
            .that()
            .resideInAPackage("ai.postdev.dragon..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("ai.postdev.developer..", "ai.postdev.coordinator..", "ai.postdev.app..");

    static final ArchRule developerKnowsNoOtherRole = noClasses()
            .that()
            .resideInAPackage("ai.postdev.developer..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("ai.postdev.dragon..", "ai.postdev.coordinator..", "ai.postdev.app..");

    static final ArchRule coordinatorKnowsNoOtherRole = noClasses()
            .that()
            .resideInAPackage("ai.postdev.coordinator..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("ai.postdev.dragon..", "ai.postdev.developer..", "ai.postdev.app..");

    static final ArchRule theSharedLanguageKnowsNobody = noClasses()
            .that()
            .resideInAPackage("ai.postdev.actors..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "ai.postdev.cluster..",
                    "ai.postdev.dragon..",
                    "ai.postdev.developer..",
                    "ai.postdev.coordinator..",
                    "ai.postdev.app..");

    static final ArchRule nothingImportsTheApp = noClasses()
            .that()
            .resideOutsideOfPackage("ai.postdev.app..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ai.postdev.app..");

    static final ArchRule enginesKnowNoActors = noClasses()
            .that()
            .implement(StoreEngine.class)
            .or()
            .haveSimpleNameEndingWith("Index")
            .or()
            .haveSimpleNameEndingWith("Engine")
            .or()
            .haveSimpleNameEndingWith("View")
            .and()
            .areTopLevelClasses()
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.pekko..");

    static final ArchRule operationsKnowNoActors = noClasses()
            .that()
            .resideInAnyPackage("ai.postdev.actors.op..", "ai.postdev.actors.code..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.pekko..");

    static final ArchRule decisionsOfModelServingKnowNoActors = noClasses()
            .that()
            .resideInAnyPackage(
                    "ai.postdev.dragon.model.queue..",
                    "ai.postdev.dragon.model.ledger..",
                    "ai.postdev.dragon.model.fallback..",
                    "ai.postdev.dragon.model.prefix..",
                    "ai.postdev.dragon.model.constrain..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.pekko..");

    static final ArchRule onlySettingsReadConfig = noClasses()
            .that()
            .resideInAnyPackage("ai.postdev.dragon..", "ai.postdev.developer..", "ai.postdev.coordinator..")
            .and()
            .haveSimpleNameNotEndingWith("Settings")
            .should()
            .callMethod(com.typesafe.config.Config.class, "getString", String.class)
            .orShould()
            .callMethod(com.typesafe.config.Config.class, "getInt", String.class)
            .orShould()
            .callMethod(com.typesafe.config.Config.class, "getLong", String.class)
            .orShould()
            .callMethod(com.typesafe.config.Config.class, "getBytes", String.class)
            .orShould()
            .callMethod(com.typesafe.config.Config.class, "getDuration", String.class);

    static final ArchRule settingsAreRecords = classes()
            .that()
            .haveSimpleNameEndingWith("Settings")
            .should(new com.tngtech.archunit.lang.ArchCondition<JavaClass>("be records") {
                @Override
                public void check(JavaClass item, com.tngtech.archunit.lang.ConditionEvents events) {
                    events.add(new com.tngtech.archunit.lang.SimpleConditionEvent(
                            item, item.isRecord(), item.getName() + " is a record: " + item.isRecord()));
                }
            });

    static final ArchRule noVagueNames = noClasses()
            .should()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Impl");

    static final ArchRule packagesHaveNoCycles = slices().matching("ai.postdev.(*).(*)..")
            .should()
            .beFreeOfCycles()
            // The catalogue of wire messages has to name them all.
            .ignoreDependency(
                    JavaClass.Predicates.resideInAPackage("ai.postdev.actors.wire"),
                    com.tngtech.archunit.base.DescribedPredicate.alwaysTrue())
            .ignoreDependency(
                    com.tngtech.archunit.base.DescribedPredicate.alwaysTrue(),
                    JavaClass.Predicates.resideInAPackage("ai.postdev.v1.."));
}
