export const title = 'Charte de données personnelles (modèle)';

export const content = `> **MODÈLE.** Ce texte est un exemple fourni avec le logiciel. Il doit être remplacé par la charte du responsable de traitement avant toute mise en service.

Cette charte explique quelles données l’extranet utilise, pourquoi, pendant combien de temps, et comment exercer vos droits. Vous l’acceptez, avec les conditions d’utilisation, en créant votre compte ; la version, la date et la manière dont vous l’avez acceptée sont enregistrées.

Si vous ne l’approuvez pas, cessez d’utiliser l’extranet et écrivez à {{controller.dpoEmail}} : les données déjà recueillies seront supprimées.

## 1. Qui est responsable
Le responsable de traitement est {{controller.name}}. Sa forme sociale, son capital, son siège et son immatriculation figurent sur la page « Qui est responsable » de l’extranet et sur chaque réponse qui vous est envoyée.

Pour toute question sur cette charte, adressez-vous au délégué à la protection des données (DPO) :

- par e-mail : {{controller.dpoEmail}}
- par courrier : {{controller.postalAddress}}

## 2. Quelles données
Seul ce qui est nécessaire est recueilli :

- votre identité et vos coordonnées professionnelles : nom, prénom, entreprise, adresse e-mail et, si vous le souhaitez, fonction et téléphone ;
- votre compte : sessions, appareils connus, préférences, brouillons de formulaires ;
- votre activité sur l’extranet : rubriques consultées et actions ;
- vos choix : acceptations, consentements, oppositions, directives ;
- vos échanges avec nous : questions, demandes et pièces qui les accompagnent.

Les champs obligatoires sont signalés. Sans eux, le service ne peut pas être fourni ; les autres restent facultatifs.

## 3. Pourquoi et sur quelle base
La base des services est l’exécution du contrat. Elle est enregistrée pour chaque finalité, car vos droits en dépendent.

| finalité | base |
|---|---|
| fournir les services | contrat |
| personnaliser votre visite | consentement |
| adapter la présentation à vous et à votre appareil | contrat |
| signaler des contenus susceptibles de vous intéresser | consentement |
| vous informer des services et de leurs évolutions | contrat |
| vous écrire au sujet de vos questions et de vos démarches | contrat |
| vous apporter une assistance technique | contrat |
| concevoir de nouvelles fonctions et de nouveaux services | intérêt légitime |
| gérer votre espace | contrat |

## 4. Qui y a accès
- Seules les personnes habilitées consultent vos données, par catégorie et pour la mission qui leur est confiée. Chaque consultation est enregistrée, et vous pouvez en voir la date et le motif.
- Aucune donnée n’est transmise à un tiers sans votre accord.
- Aucune donnée n’est vendue ni louée à des fins de prospection sans votre accord exprès.
- Une communication n’a lieu autrement que si la loi l’impose, pour faire appliquer les conditions d’utilisation ou un autre accord, ou pour protéger les droits du responsable de traitement. Chacune est consignée avec son motif.
- Une fois anonymisées, les données peuvent servir à des statistiques.

## 5. Combien de temps
Les données ne sont conservées que le temps strictement nécessaire à leur finalité.

| donnée | durée |
|---|---|
| inscription non confirmée | 7 jours |
| compte inutilisé | supprimé à 24 mois, après un rappel à 23 mois |
| compte fermé | 7 jours pour revenir sur la fermeture ; l’utilisation cesse aussitôt |
| brouillon de formulaire | 90 jours après la dernière modification |
| activité détaillée | 90 jours, puis seulement des comptages anonymes |
| consentement | 13 mois à compter de votre choix |
| pièce d’identité | jusqu’à la décision, 30 jours au plus |
| fichier d’export | 14 jours |
| dossier de demande clos | 5 ans, réduit à l’essentiel, dans une archive séparée |
| journal des accès | 12 mois |
| e-mail envoyé | contenu effacé à l’envoi, trace de l’envoi 30 jours |
| registre des violations, communications à des tiers | 5 ans |

## 6. Sécurité
Des mesures renforcées protègent la confidentialité et l’intégrité de vos données. Votre identifiant et votre mot de passe sont strictement personnels et secrets : ne les communiquez à personne. Une connexion depuis un nouvel appareil vous est signalée, et la liste de vos sessions vous permet de les fermer.

## 7. Vos droits
| droit | ce que vous pouvez demander |
|---|---|
| accès | savoir ce qui est détenu sur vous et en recevoir une copie |
| rectification | corriger ou compléter vos données |
| effacement | faire supprimer vos données |
| portabilité | recevoir dans un format réutilisable les données que vous avez fournies ou qui proviennent de votre utilisation |
| opposition | faire cesser une utilisation de vos données |
| limitation | faire geler leur utilisation ; vous êtes averti avant qu’elle reprenne |
| directives après le décès | dire ce que deviendront vos données, et désigner une personne pour y veiller |
| retrait du consentement | revenir à tout moment sur un accord, aussi simplement que vous l’avez donné |

Demander la fermeture de votre espace, possible à tout moment, vaut opposition au traitement.

### Comment faire
Utilisez l’extranet, écrivez à {{controller.dpoEmail}} ou envoyez un courrier à {{controller.postalAddress}}. Être connecté suffit en général. Une pièce d’identité n’est demandée qu’en cas de doute raisonnable, et le motif vous en est donné.

### Quand vous aurez une réponse
Vous recevez une réponse dans le mois. Si la demande est complexe, ce délai peut être prolongé de deux mois au plus : vous en êtes averti, avec les raisons, avant la fin du premier mois. Un refus est toujours décidé par une personne et motivé.

### Votre recours
Si la réponse ne vous convient pas, vous pouvez adresser une réclamation à la Commission nationale de l’informatique et des libertés (CNIL), 3 place de Fontenoy, TSA 80715, 75334 Paris Cedex 07, www.cnil.fr, ou saisir le juge.

## 8. Cookies
Aucun cookie ni consentement n’est conservé plus de 13 mois, et votre choix vous est redemandé après 6 mois. Le module « Gestion des services », en bas de page, permet de choisir et de changer d’avis à tout moment. Refuser des cookies peut désactiver certaines fonctions. L’information sur les cookies en donne la liste.

## 9. Évolution de la charte
Une nouvelle version prend effet à sa publication sur l’extranet. Vous en êtes informé, et votre accord vous est demandé à la connexion suivante. Les versions antérieures restent consultables.
`;
