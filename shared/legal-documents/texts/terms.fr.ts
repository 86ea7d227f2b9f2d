export const title = 'Conditions générales d’utilisation de l’extranet partenaires (modèle)';

export const content = `> **MODÈLE.** Ce texte est un exemple fourni avec le logiciel. Il doit être remplacé par les conditions du responsable de traitement avant toute mise en service.

## 1. Objet
{{controller.name}} met cet extranet à la disposition de ses partenaires et de leurs collaborateurs. L’utiliser, c’est accepter ces conditions et la charte de données personnelles. La version acceptée, la date et la manière sont enregistrées.

## 2. Compte
- Le compte est personnel. Il est ouvert une fois votre adresse e-mail confirmée.
- L’identifiant et le mot de passe sont strictement personnels et secrets : ils ne se partagent pas.
- Une connexion depuis un nouvel appareil vous est signalée. Vous pouvez voir et fermer vos sessions à tout moment.
- Une reconnexion peut vous être demandée après un certain temps ou avant une action sensible.

## 3. Données nécessaires
Les champs signalés comme obligatoires sont nécessaires au service : sans eux, il ne peut pas être fourni.

## 4. Bon usage
Utilisez l’extranet pour les besoins de votre activité de partenaire, sans chercher à accéder aux données d’autrui ni à perturber le service. En cas d’abus, l’accès peut être suspendu ; les raisons vous en sont données.

## 5. Données personnelles
La charte de données personnelles dit quelles données sont utilisées, pourquoi, combien de temps, et comment exercer vos droits. L’information sur les cookies la complète.

## 6. Fermeture
Vous pouvez fermer votre espace à tout moment. L’utilisation de vos données cesse aussitôt, et vous disposez de 7 jours pour revenir sur cette décision. Un compte inutilisé est supprimé à 24 mois, après un rappel à 23 mois.

## 7. Nouvelles versions
Une nouvelle version prend effet à sa publication sur l’extranet. Vous en êtes informé, et votre accord vous est demandé à la connexion suivante.

## 8. Refus
Si vous n’approuvez pas ces conditions, cessez d’utiliser l’extranet et écrivez au délégué à la protection des données, {{controller.dpoEmail}} ou {{controller.postalAddress}} : les données déjà recueillies seront supprimées.

## 9. Droit applicable
Ces conditions sont soumises au droit français.
`;
