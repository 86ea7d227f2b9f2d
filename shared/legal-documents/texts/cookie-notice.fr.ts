export const title = 'Information sur les cookies (modèle)';

export const content = `> Modèle à remplacer par l’information du responsable de traitement.

Certains cookies sont indispensables au service et ne demandent pas de consentement. Les autres (mesure d’audience, personnalisation, suggestions, prospection) ne sont déposés qu’avec votre accord. Refuser est aussi simple qu’accepter, et ne rien dire vaut refus. Votre choix vous est redemandé après 6 mois et s’efface au bout de 13 mois. Vous pouvez en changer à tout moment par « Gestion des services », en bas de page.
`;
