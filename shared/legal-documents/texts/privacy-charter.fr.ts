export const title = 'Charte de données personnelles (modèle)';

export const content = `> Modèle à remplacer par la charte du responsable de traitement.

## Qui est responsable
{{controller.name}}. Délégué à la protection des données : {{controller.dpoEmail}}, {{controller.postalAddress}}.

## Pourquoi et sur quelle base
Fournir les services, gérer votre espace et vous en informer repose sur le contrat. La personnalisation et les suggestions ne se font qu’avec votre consentement, que vous pouvez retirer à tout moment.

## Qui voit les données
Seules les personnes habilitées, dans la limite de leur fonction ; chaque consultation est tracée. Aucune donnée n’est vendue ni louée. Une communication à un tiers demande votre accord ou un motif prévu par la loi, et elle est consignée.

## Combien de temps
| donnée | durée |
|---|---|
| inscription non confirmée | 7 jours |
| compte inutilisé | 24 mois, avec un rappel à 23 mois |
| brouillon de formulaire | 90 jours |
| consentement | 13 mois |
| pièce d’identité | jusqu’à la décision, 30 jours au plus |

## Vos droits
Accès, rectification, effacement, portabilité, opposition, limitation, directives après le décès et retrait du consentement : par l’extranet, par e-mail ou par courrier, avec une pièce d’identité en cas de doute raisonnable. Réponse sous un mois. Vous pouvez saisir la CNIL (www.cnil.fr).

## Cookies
Aucun cookie ni consentement n’est conservé plus de 13 mois. Le module « Gestion des services », en bas de page, permet de choisir et de changer d’avis. Refuser peut désactiver certaines fonctions.
`;
